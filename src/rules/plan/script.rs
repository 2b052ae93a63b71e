//! Code that a test cannot import: it runs as a script, or has to be filled in.

use crate::finding::{Loss, Property, Style, Subject, TestPlan};
use crate::rules::view::{StepView, dotted};
use crate::syntax::hir::{Expr, ExprId, Hir, Stmt};
use crate::syntax::{FileId, Name, UnitId};

/// Calls that modules make while they are imported, and that do nothing else: their last names, or the names they begin with.
const SETTINGS: [&str; 23] = [
    "disable_v2_behavior",
    "disable_eager_execution",
    "disable_resource_variables",
    "enable_resource_variables",
    "manual_seed",
    "manual_seed_all",
    "seed",
    "set_random_seed",
    "set_default_dtype",
    "set_default_tensor_type",
    "set_float32_matmul_precision",
    "set_num_threads",
    "set_printoptions",
    "set_verbosity",
    "setrecursionlimit",
    "use_deterministic_algorithms",
    "filterwarnings",
    "simplefilter",
    "basicConfig",
    "append",
    "insert",
    "use",
    "register",
];
const SETTING_MODULES: [&str; 6] = ["logging.", "warnings.", "sys.path.", "os.environ.", "matplotlib.", "plt."];

/// A plan that asks for what the code keeps to itself.
pub(super) fn unreachable(view: &StepView<'_>, unit: UnitId, style: Style, property: Property, missing: &str) -> TestPlan {
    let name = unit.name.to_string();
    let place = if name.is_empty() { "the script".to_owned() } else { format!("`{name}`") };
    gap(view, unit.file, name, style, property, missing.replace("{place}", &place))
}

/// A plan for code of a module that must not be imported.
pub(super) fn unimportable(view: &StepView<'_>, unit: UnitId, style: Style, property: Property) -> TestPlan {
    let module = view.world.module_name(unit.file);
    let missing = format!("the code of `{module}`: importing that module runs it, so move its statements under `if __name__ == \"__main__\":` and import it here");
    gap(view, unit.file, String::new(), style, property, missing)
}

/// A plan that runs a module as the script that it is.
pub(super) fn script(view: &StepView<'_>, file: FileId, style: Style, property: Property) -> TestPlan {
    without_inputs(view, file, style, property, Subject::Script)
}

fn gap(view: &StepView<'_>, file: FileId, name: String, style: Style, property: Property, missing: String) -> TestPlan {
    without_inputs(view, file, style, property, Subject::Unreachable { name, missing })
}

fn without_inputs(view: &StepView<'_>, file: FileId, style: Style, property: Property, subject: Subject) -> TestPlan {
    TestPlan {
        style,
        has_state: false,
        module: view.world.module_name(file).to_string(),
        subject,
        inputs: Vec::new(),
        loss: Loss::Probe,
        optimizer: None,
        property,
    }
}

/// Whether importing a module does more than define things: it loops, parses arguments, or calls something.
pub(super) fn runs_on_import(view: &StepView<'_>, file: FileId) -> bool {
    let hir = view.world.hir(UnitId { file, name: Name::new(""), ordinal: 0 });
    hir.body.iter().any(|&stmt| match hir.stmt(stmt) {
        Stmt::For { .. } | Stmt::While { .. } | Stmt::With { .. } => true,
        Stmt::Expr(expr) => is_work(&hir, *expr),
        Stmt::Assign { value, .. } => is_parsing(&hir, *value),
        _ => false,
    })
}

/// Whether a statement is a call that is no setting.
fn is_work(hir: &Hir, expr: ExprId) -> bool {
    let Expr::Call { callee, .. } = hir.expr(expr) else { return false };
    let name = dotted(hir, *callee);
    let last = name.rsplit('.').next().unwrap_or_default();
    !SETTINGS.contains(&last) && !SETTING_MODULES.iter().any(|module| name.starts_with(module))
}

/// Whether a value comes from the command line.
fn is_parsing(hir: &Hir, expr: ExprId) -> bool {
    match hir.expr(expr) {
        Expr::Call { callee, .. } => matches!(dotted(hir, *callee).rsplit('.').next(), Some("parse_args" | "parse_known_args")),
        _ => false,
    }
}
