//! A lowered tree as text: Python with one statement a line and all parentheses written, for tests and for people.

use std::fmt::{self, Display, Formatter};

use super::{
    Argument, ArgumentKind, BinaryOp, Block, BooleanOp, CompareOp, ComprehensionKind, Expr, ExprId, FunctionDef, Hir,
    ImportedName, Literal, Parameter, ParameterKind, Stmt, StmtId, TextPart, UnaryOp,
};

impl Display for Hir {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let printer = Printer { hir: self };
        if self.broken {
            writeln!(f, "# broken")?;
        }
        printer.block(f, &self.body, 0)
    }
}

struct Printer<'hir> {
    hir: &'hir Hir,
}

/// An expression with the arena it lives in.
struct Printed<'hir>(&'hir Hir, ExprId);

impl Display for Printed<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Printer { hir: self.0 }.expr(f, self.1)
    }
}

impl Printer<'_> {
    fn block(&self, f: &mut Formatter<'_>, block: &Block, depth: usize) -> fmt::Result {
        block.iter().try_for_each(|&stmt| self.stmt(f, stmt, depth))
    }

    fn shown(&self, expr: ExprId) -> Printed<'_> {
        Printed(self.hir, expr)
    }

    fn joined(&self, exprs: &[ExprId]) -> String {
        exprs.iter().map(|&expr| self.shown(expr).to_string()).collect::<Vec<_>>().join(", ")
    }

    fn optional(&self, before: &str, expr: Option<ExprId>) -> String {
        expr.map(|expr| format!("{before}{}", self.shown(expr))).unwrap_or_default()
    }

    fn suite(&self, f: &mut Formatter<'_>, head: &str, block: &Block, depth: usize) -> fmt::Result {
        if block.is_empty() && head.ends_with("else:") | head.ends_with("finally:") {
            return Ok(());
        }
        writeln!(f, "{head}")?;
        self.block(f, block, depth + 1)
    }

    fn stmt(&self, f: &mut Formatter<'_>, id: StmtId, depth: usize) -> fmt::Result {
        let indent = "    ".repeat(depth);
        let otherwise = format!("{indent}else:");
        match self.hir.stmt(id) {
            Stmt::Missing => writeln!(f, "{indent}<missing>"),
            Stmt::Expr(expr) => writeln!(f, "{indent}{}", self.shown(*expr)),
            Stmt::Assign { targets, value } => {
                let targets: Vec<_> = targets.iter().map(|&target| format!("{} = ", self.shown(target))).collect();
                writeln!(f, "{indent}{}{}", targets.concat(), self.shown(*value))
            }
            Stmt::AnnotatedAssign { target, annotation, value } => {
                let value = self.optional(" = ", *value);
                writeln!(f, "{indent}{}: {}{value}", self.shown(*target), self.shown(*annotation))
            }
            Stmt::AugmentedAssign { target, op, value } => {
                writeln!(f, "{indent}{} {}= {}", self.shown(*target), binary(*op), self.shown(*value))
            }
            Stmt::Return(value) => writeln!(f, "{indent}return{}", self.optional(" ", *value)),
            Stmt::Raise(exprs) => writeln!(f, "{indent}raise {}", self.joined(exprs)),
            Stmt::Assert { test, message } => {
                writeln!(f, "{indent}assert {}{}", self.shown(*test), self.optional(", ", *message))
            }
            Stmt::Delete(targets) => writeln!(f, "{indent}del {}", self.joined(targets)),
            Stmt::Pass => writeln!(f, "{indent}pass"),
            Stmt::Break => writeln!(f, "{indent}break"),
            Stmt::Continue => writeln!(f, "{indent}continue"),
            Stmt::Global(names) => writeln!(f, "{indent}global {names:?}"),
            Stmt::Nonlocal(names) => writeln!(f, "{indent}nonlocal {names:?}"),
            Stmt::If { test, then, otherwise: other } => {
                self.suite(f, &format!("{indent}if {}:", self.shown(*test)), then, depth)?;
                self.suite(f, &otherwise, other, depth)
            }
            Stmt::While { test, body, otherwise: other } => {
                self.suite(f, &format!("{indent}while {}:", self.shown(*test)), body, depth)?;
                self.suite(f, &otherwise, other, depth)
            }
            Stmt::For { target, iterable, body, otherwise: other } => {
                let head = format!("{indent}for {} in {}:", self.shown(*target), self.shown(*iterable));
                self.suite(f, &head, body, depth)?;
                self.suite(f, &otherwise, other, depth)
            }
            Stmt::With { items, body } => {
                let items: Vec<_> = items
                    .iter()
                    .map(|item| format!("{}{}", self.shown(item.context), self.optional(" as ", item.target)))
                    .collect();
                self.suite(f, &format!("{indent}with {}:", items.join(", ")), body, depth)
            }
            Stmt::Try { body, handlers, otherwise: other, finally } => {
                self.suite(f, &format!("{indent}try:"), body, depth)?;
                for handler in handlers {
                    let (kind, target) = (self.optional(" ", handler.kind), self.optional(" as ", handler.target));
                    self.suite(f, &format!("{indent}except{kind}{target}:"), &handler.body, depth)?;
                }
                self.suite(f, &otherwise, other, depth)?;
                self.suite(f, &format!("{indent}finally:"), finally, depth)
            }
            Stmt::Match { subject, cases } => {
                writeln!(f, "{indent}match {}:", self.shown(*subject))?;
                cases.iter().try_for_each(|case| {
                    let head = format!("{indent}    case {:?}{}:", case.bound, self.optional(" if ", case.guard));
                    self.suite(f, &head, &case.body, depth + 1)
                })
            }
            Stmt::Function(function) => self.function(f, function, depth),
            Stmt::Class(class) => {
                self.decorators(f, &class.decorators, &indent)?;
                let head = format!("{indent}class {}({}):", class.name, self.arguments(&class.bases));
                self.suite(f, &head, &class.body, depth)
            }
            Stmt::Import(names) => writeln!(f, "{indent}import {}", imported(names)),
            Stmt::FromImport { module, level, names, star } => {
                let names = if *star { "*".to_owned() } else { imported(names) };
                writeln!(f, "{indent}from {}{module} import {names}", ".".repeat(*level as usize))
            }
            Stmt::Python2(exprs) => writeln!(f, "{indent}print/exec {}", self.joined(exprs)),
        }
    }

    fn decorators(&self, f: &mut Formatter<'_>, decorators: &[ExprId], indent: &str) -> fmt::Result {
        decorators.iter().try_for_each(|&decorator| writeln!(f, "{indent}@{}", self.shown(decorator)))
    }

    fn function(&self, f: &mut Formatter<'_>, function: &FunctionDef, depth: usize) -> fmt::Result {
        let indent = "    ".repeat(depth);
        self.decorators(f, &function.decorators, &indent)?;
        let kind = if function.is_async { "async def" } else { "def" };
        let yields = if function.is_generator { " # yields" } else { "" };
        let (parameters, returns) = (self.parameters(&function.parameters), self.optional(" -> ", function.returns));
        writeln!(f, "{indent}{kind} {}({parameters}){returns}:{yields}", function.name)?;
        self.block(f, &function.body, depth + 1)
    }

    fn parameters(&self, parameters: &[Parameter]) -> String {
        let shown = parameters.iter().map(|parameter| {
            let mark = match parameter.kind {
                ParameterKind::PositionalOnly => "/",
                ParameterKind::Normal => "",
                ParameterKind::VarArgs => "*",
                ParameterKind::KeywordOnly => "=",
                ParameterKind::KwArgs => "**",
            };
            let (annotation, default) = (self.optional(": ", parameter.annotation), self.optional(" = ", parameter.default));
            format!("{mark}{}{annotation}{default}", parameter.name)
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    fn arguments(&self, arguments: &[Argument]) -> String {
        let shown = arguments.iter().map(|argument| match argument.kind {
            ArgumentKind::Positional => self.shown(argument.value).to_string(),
            ArgumentKind::Keyword(name) => format!("{name}={}", self.shown(argument.value)),
            ArgumentKind::Star => format!("*{}", self.shown(argument.value)),
            ArgumentKind::DoubleStar => format!("**{}", self.shown(argument.value)),
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    fn expr(&self, f: &mut Formatter<'_>, id: ExprId) -> fmt::Result {
        match self.hir.expr(id) {
            Expr::Missing => write!(f, "<missing>"),
            Expr::Name(name) => write!(f, "{name}"),
            Expr::Literal(literal) => write!(f, "{}", printed_literal(literal)),
            Expr::FormattedText(parts) => {
                let parts = parts.iter().map(|part| match part {
                    TextPart::Text(text) => format!("{text:?}"),
                    TextPart::Value(value) => format!("{{{}}}", self.shown(*value)),
                });
                write!(f, "f({})", parts.collect::<Vec<_>>().join(" "))
            }
            Expr::Attribute { object, name } => write!(f, "{}.{name}", self.shown(*object)),
            Expr::Subscript { object, index } => write!(f, "{}[{}]", self.shown(*object), self.shown(*index)),
            Expr::Slice { lower, upper, step } => {
                write!(f, "{}:{}{}", self.optional("", *lower), self.optional("", *upper), self.optional(":", *step))
            }
            Expr::Call { callee, arguments } => write!(f, "{}({})", self.shown(*callee), self.arguments(arguments)),
            Expr::Unary { op, operand } => write!(f, "({}{})", unary(*op), self.shown(*operand)),
            Expr::Binary { op, left, right } => {
                write!(f, "({} {} {})", self.shown(*left), binary(*op), self.shown(*right))
            }
            Expr::Boolean { op, left, right } => {
                let op = if *op == BooleanOp::And { "and" } else { "or" };
                write!(f, "({} {op} {})", self.shown(*left), self.shown(*right))
            }
            Expr::Compare { left, rest } => {
                write!(f, "({}", self.shown(*left))?;
                rest.iter().try_for_each(|&(op, right)| write!(f, " {} {}", compare(op), self.shown(right)))?;
                write!(f, ")")
            }
            Expr::Conditional { test, then, otherwise } => {
                write!(f, "({} if {} else {})", self.shown(*then), self.shown(*test), self.shown(*otherwise))
            }
            Expr::Tuple(exprs) if exprs.len() == 1 => write!(f, "({},)", self.joined(exprs)),
            Expr::Tuple(exprs) => write!(f, "({})", self.joined(exprs)),
            Expr::List(exprs) => write!(f, "[{}]", self.joined(exprs)),
            Expr::Set(exprs) => write!(f, "{{{}}}", self.joined(exprs)),
            Expr::Dict(items) => {
                let items = items.iter().map(|item| match item.key {
                    Some(key) => format!("{}: {}", self.shown(key), self.shown(item.value)),
                    None => format!("**{}", self.shown(item.value)),
                });
                write!(f, "{{{}}}", items.collect::<Vec<_>>().join(", "))
            }
            Expr::Starred(value) => write!(f, "*{}", self.shown(*value)),
            Expr::Lambda { parameters, body } => {
                let value = body.first().map(|&first| self.hir.stmt(first));
                let value = if let Some(Stmt::Return(value)) = value { self.optional(" ", *value) } else { String::new() };
                write!(f, "(lambda {}:{value})", self.parameters(parameters))
            }
            Expr::Comprehension { kind, element, value, clauses } => {
                let (open, close) = match kind {
                    ComprehensionKind::List => ("[", "]"),
                    ComprehensionKind::Set | ComprehensionKind::Dict => ("{", "}"),
                    ComprehensionKind::Generator => ("(", ")"),
                };
                write!(f, "{open}{}{}", self.shown(*element), self.optional(": ", *value))?;
                for clause in clauses {
                    write!(f, " for {} in {}", self.shown(clause.target), self.shown(clause.iterable))?;
                    clause.conditions.iter().try_for_each(|&condition| write!(f, " if {}", self.shown(condition)))?;
                }
                write!(f, "{close}")
            }
            Expr::Await(value) => write!(f, "(await {})", self.shown(*value)),
            Expr::Yield(value) => write!(f, "(yield{})", self.optional(" ", *value)),
            Expr::Named { target, value } => write!(f, "({} := {})", self.shown(*target), self.shown(*value)),
        }
    }
}

fn imported(names: &[ImportedName]) -> String {
    let shown = names.iter().map(|name| match name.alias {
        Some(alias) => format!("{} as {alias}", name.name),
        None => name.name.to_string(),
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn printed_literal(literal: &Literal) -> String {
    match literal {
        Literal::None => "None".to_owned(),
        Literal::Bool(true) => "True".to_owned(),
        Literal::Bool(false) => "False".to_owned(),
        Literal::Int(value) => value.to_string(),
        Literal::Float(bits) => format!("{:?}", f64::from_bits(*bits)),
        Literal::Str(text) => format!("{text:?}"),
        Literal::Ellipsis => "...".to_owned(),
        Literal::Other => "<constant>".to_owned(),
    }
}

const fn unary(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Negative => "-",
        UnaryOp::Positive => "+",
        UnaryOp::Invert => "~",
        UnaryOp::Not => "not ",
    }
}

const fn binary(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::FloorDivide => "//",
        BinaryOp::Modulo => "%",
        BinaryOp::Power => "**",
        BinaryOp::MatrixMultiply => "@",
        BinaryOp::ShiftLeft => "<<",
        BinaryOp::ShiftRight => ">>",
        BinaryOp::And => "&",
        BinaryOp::Or => "|",
        BinaryOp::Xor => "^",
    }
}

const fn compare(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal => "==",
        CompareOp::NotEqual => "!=",
        CompareOp::Less => "<",
        CompareOp::LessEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterEqual => ">=",
        CompareOp::Is => "is",
        CompareOp::IsNot => "is not",
        CompareOp::In => "in",
        CompareOp::NotIn => "not in",
    }
}
