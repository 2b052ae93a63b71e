//! From a dotted module name to a file: project root, search path, packages.
//!
//! Knows how Python looks for modules, and nothing of how files are stored: it asks [`Folders`], whose answers the engine
//! records, absences too. Paths are compared as they are written; nothing is read from the environment.

use std::path::{Component, Path, PathBuf};

use crate::syntax::Name;

/// What the search asks of the folders around a file.
pub trait Folders {
    /// Whether `path` is a file.
    fn is_file(&self, path: &Path) -> bool;
    /// Whether `path` is a folder.
    fn is_folder(&self, path: &Path) -> bool;
    /// Whether there is a stub for the dotted `module`.
    fn is_stub(&self, module: &str) -> bool;
}

/// Where a module was found.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Module {
    /// In this file. For a package without `__init__.py` it is the path that its `__init__.py` would have.
    File(PathBuf),
    /// Among the stubs, under this dotted name.
    Stub(Name),
}

/// The file that makes a folder a package.
pub const PACKAGE_FILE: &str = "__init__.py";

/// The same of a package of stubs.
const STUB_PACKAGE_FILE: &str = "__init__.pyi";
const STUB_EXTENSION: &str = "pyi";

/// Files and folders that mark the root of a project.
pub const ROOT_MARKERS: [&str; 5] = ["pyproject.toml", "backprobe.toml", "setup.py", "setup.cfg", ".git"];

/// The root of the project that files in `folder` belong to: the nearest folder with settings or `.git`, otherwise the
/// folder that holds the outermost package.
pub fn project_root(folder: &Path, folders: &dyn Folders) -> PathBuf {
    let is_root = |candidate: &Path| {
        ROOT_MARKERS.iter().any(|marker| {
            let path = candidate.join(marker);
            folders.is_file(&path) || folders.is_folder(&path)
        })
    };
    if let Some(root) = folder.ancestors().find(|ancestor| is_root(ancestor)) {
        return root.to_path_buf();
    }
    folder.ancestors().find(|ancestor| !is_package(ancestor, folders)).unwrap_or(folder).to_path_buf()
}

/// The module that `import module` (or, with `level` dots, `from {dots}module import …`) names in a file of `folder`.
///
/// `root` is the project root of that folder.
pub fn resolve(folder: &Path, root: &Path, module: &str, level: u32, folders: &dyn Folders) -> Option<Module> {
    if level > 0 {
        let base = folder.ancestors().nth(level as usize - 1)?;
        return descend(base, module, folders).map(Module::File);
    }
    let path = SearchPath::of(folder, root, folders);
    let top = first_segment(module);
    // A regular package or module settles the question, as in Python: what it lacks is not looked for elsewhere.
    if let Some(base) = path.before_stubs.iter().find(|base| is_regular(base, top, folders)) {
        return descend(base, module, folders).map(Module::File);
    }
    if folders.is_stub(top) {
        return folders.is_stub(module).then(|| Module::Stub(Name::new(module)));
    }
    if let Some(base) = path.after_stubs.iter().find(|base| is_regular(base, top, folders)) {
        return descend(base, module, folders).map(Module::File);
    }
    // Packages without `__init__.py` come last: any regular module wins over them, and their parts are merged.
    path.before_stubs.iter().chain(&path.after_stubs).find_map(|base| descend(base, module, folders)).map(Module::File)
}

/// The module `name` inside the package whose `__init__.py` is (or would be) `package`.
pub fn submodule(package: &Path, name: &str, folders: &dyn Folders) -> Option<PathBuf> {
    if package.file_name().is_some_and(|file| file == STUB_PACKAGE_FILE) {
        return stub(package.parent()?, name, folders);
    }
    let is_package_file = package.file_name().is_some_and(|file| file == PACKAGE_FILE);
    let folder = package.parent().filter(|_| is_package_file)?;
    descend(folder, name, folders)
}

/// The stub of the dotted `module` in `folder`. For a package without `__init__.pyi` it is the path that this would have.
pub fn stub(folder: &Path, module: &str, folders: &dyn Folders) -> Option<PathBuf> {
    let path = module.split('.').fold(folder.to_path_buf(), |path, segment| path.join(segment));
    if folders.is_folder(&path) {
        return Some(path.join(STUB_PACKAGE_FILE));
    }
    let file = path.with_extension(STUB_EXTENSION);
    folders.is_file(&file).then_some(file)
}

/// Whether the file at `path` is a stub.
pub fn is_stub(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == STUB_EXTENSION)
}

/// The dotted name under which a file of the project at `root` is imported from the project's root, or from its `src` if that is no package
/// itself.
pub fn module_name(path: &Path, root: &Path, folders: &dyn Folders) -> Name {
    let source = root.join("src");
    let in_source = path.strip_prefix(&source).ok().filter(|_| !is_package(&source, folders));
    let relative = in_source.or_else(|| path.strip_prefix(root).ok()).unwrap_or(path);
    let mut segments: Vec<String> = relative
        .components()
        .filter_map(|component| match component {
            Component::Normal(segment) => Some(segment.to_string_lossy().into_owned()),
            _ => None,
        })
        .collect();
    if let Some(last) = segments.pop().filter(|last| last != PACKAGE_FILE && last != STUB_PACKAGE_FILE) {
        segments.push(last.strip_suffix(".py").or_else(|| last.strip_suffix(".pyi")).unwrap_or(&last).to_owned());
    }
    Name::new(&segments.join("."))
}

/// Folders in which the first segment of an absolute import is looked for.
struct SearchPath {
    /// What Python itself would search: a script's own folder, the root, `src`. A module here hides a framework.
    before_stubs: Vec<PathBuf>,
    /// Guesses for code that is started from a folder in between, and Python 2's implicit relative imports.
    after_stubs: Vec<PathBuf>,
}

impl SearchPath {
    fn of(folder: &Path, root: &Path, folders: &dyn Folders) -> Self {
        let mut before_stubs = vec![root.to_path_buf(), root.join("src")];
        let mut after_stubs: Vec<PathBuf> =
            folder.ancestors().take_while(|ancestor| *ancestor != root && ancestor.starts_with(root)).map(Path::to_path_buf).collect();
        // A folder that is no package holds scripts, and a script's folder comes first on Python's search path.
        if !is_package(folder, folders) && folder != root {
            before_stubs.insert(0, folder.to_path_buf());
            after_stubs.retain(|ancestor| ancestor != folder);
        }
        Self { before_stubs, after_stubs }
    }
}

/// The file of the dotted `module` below `base`; an empty name is `base` itself as a package.
fn descend(base: &Path, module: &str, folders: &dyn Folders) -> Option<PathBuf> {
    let mut folder = base.to_path_buf();
    let mut segments = module.split('.').filter(|segment| !segment.is_empty()).peekable();
    while let Some(segment) = segments.next() {
        let package = folder.join(segment);
        // A package hides a module of the same name.
        if !exists_as_package(&package, folders) {
            let file = folder.join(format!("{segment}.py"));
            if folders.is_file(&file) {
                return segments.peek().is_none().then_some(file);
            }
            if !folders.is_folder(&package) {
                return None;
            }
        }
        folder = package;
    }
    Some(folder.join(PACKAGE_FILE))
}

fn is_package(folder: &Path, folders: &dyn Folders) -> bool {
    folders.is_file(&folder.join(PACKAGE_FILE))
}

/// Whether `folder` exists and is a package. Most imports name no folder of the project, which then is never listed.
fn exists_as_package(folder: &Path, folders: &dyn Folders) -> bool {
    folders.is_folder(folder) && is_package(folder, folders)
}

/// Whether `base` holds a module or a package with `__init__.py` of this name.
fn is_regular(base: &Path, name: &str, folders: &dyn Folders) -> bool {
    exists_as_package(&base.join(name), folders) || folders.is_file(&base.join(format!("{name}.py")))
}

fn first_segment(module: &str) -> &str {
    module.split('.').next().unwrap_or(module)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    struct Tree(BTreeSet<PathBuf>);

    impl Folders for Tree {
        fn is_file(&self, path: &Path) -> bool {
            self.0.contains(path)
        }
        fn is_folder(&self, path: &Path) -> bool {
            self.0.iter().any(|file| file != path && file.starts_with(path))
        }
        fn is_stub(&self, module: &str) -> bool {
            ["torch", "torch.nn", "torch.nn.functional"].contains(&module)
        }
    }

    fn tree(files: &[&str]) -> Tree {
        Tree(files.iter().map(PathBuf::from).collect())
    }

    fn root(files: &[&str], folder: &str) -> String {
        project_root(Path::new(folder), &tree(files)).display().to_string()
    }

    /// What `{dots}module` names in a file of `folder`: a path, `stub NAME` or `none`.
    fn find(files: &[&str], folder: &str, module: &str) -> String {
        let tree = tree(files);
        let root = project_root(Path::new(folder), &tree);
        let name = module.trim_start_matches('.');
        match resolve(Path::new(folder), &root, name, (module.len() - name.len()) as u32, &tree) {
            Some(Module::File(path)) => path.display().to_string(),
            Some(Module::Stub(name)) => format!("stub {name}"),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn the_root_is_the_nearest_folder_with_settings() {
        assert_eq!(root(&["/home/p/pyproject.toml", "/home/p/a/b.py"], "/home/p/a"), "/home/p");
        assert_eq!(root(&["/home/p/.git/HEAD", "/home/p/a/setup.py"], "/home/p/a/b"), "/home/p/a");
        assert_eq!(root(&["/home/p/.git/HEAD"], "/home/p/a/b"), "/home/p");
    }

    #[test]
    fn without_settings_the_root_holds_the_outermost_package() {
        assert_eq!(root(&["/x/p/__init__.py", "/x/p/q/__init__.py", "/x/p/q/a.py"], "/x/p/q"), "/x");
        assert_eq!(root(&["/x/p/a.py"], "/x/p"), "/x/p");
    }

    #[test]
    fn absolute_imports_search_the_script_folder_the_root_and_src() {
        let files = ["/p/setup.py", "/p/src/net/__init__.py", "/p/src/net/layers.py", "/p/util.py", "/p/scripts/local.py"];
        assert_eq!(find(&files, "/p/scripts", "local"), "/p/scripts/local.py");
        assert_eq!(find(&files, "/p/scripts", "util"), "/p/util.py");
        assert_eq!(find(&files, "/p/scripts", "net.layers"), "/p/src/net/layers.py");
        assert_eq!(find(&files, "/p/scripts", "net"), "/p/src/net/__init__.py");
        assert_eq!(find(&files, "/p/scripts", "net.missing"), "none");
        assert_eq!(find(&files, "/p/scripts", "numpy"), "none");
    }

    #[test]
    fn relative_imports_climb_one_folder_a_dot() {
        let files = ["/p/.git/HEAD", "/p/a/__init__.py", "/p/a/b/__init__.py", "/p/a/b/c.py", "/p/a/d.py"];
        assert_eq!(find(&files, "/p/a/b", ".c"), "/p/a/b/c.py");
        assert_eq!(find(&files, "/p/a/b", "..d"), "/p/a/d.py");
        assert_eq!(find(&files, "/p/a/b", "."), "/p/a/b/__init__.py");
        assert_eq!(find(&files, "/p/a/b", ".."), "/p/a/__init__.py");
        assert_eq!(find(&files, "/p/a/b", ".........d"), "none");
    }

    #[test]
    fn folders_without_a_package_file_are_packages_of_last_resort() {
        let files = ["/p/.git/HEAD", "/p/lib/a.py", "/p/src/lib/b.py"];
        assert_eq!(find(&files, "/p", "lib.a"), "/p/lib/a.py");
        assert_eq!(find(&files, "/p", "lib.b"), "/p/src/lib/b.py");
        assert_eq!(find(&files, "/p", "lib"), "/p/lib/__init__.py");
        let shadowed = ["/p/.git/HEAD", "/p/torch/a.py", "/p/src/lib/__init__.py", "/p/lib/a.py"];
        assert_eq!(find(&shadowed, "/p", "torch"), "stub torch");
        assert_eq!(find(&shadowed, "/p", "lib"), "/p/src/lib/__init__.py");
    }

    #[test]
    fn a_module_on_the_search_path_hides_a_framework() {
        assert_eq!(find(&["/p/.git/HEAD"], "/p", "torch.nn.functional"), "stub torch.nn.functional");
        assert_eq!(find(&["/p/.git/HEAD"], "/p", "torch.missing"), "none");
        assert_eq!(find(&["/p/.git/HEAD", "/p/torch.py"], "/p", "torch"), "/p/torch.py");
        assert_eq!(find(&["/p/.git/HEAD", "/p/torch.py"], "/p", "torch.nn"), "none");
        assert_eq!(find(&["/p/.git/HEAD", "/p/run/torch.py"], "/p/run", "torch"), "/p/run/torch.py");
        // Inside a package, Python 3 does not look beside the file.
        let package = ["/p/.git/HEAD", "/p/run/__init__.py", "/p/run/torch.py", "/p/run/helper.py"];
        assert_eq!(find(&package, "/p/run", "torch"), "stub torch");
        assert_eq!(find(&package, "/p/run", "helper"), "/p/run/helper.py");
    }

    #[test]
    fn code_started_from_a_folder_between_finds_its_modules() {
        let files = ["/p/.git/HEAD", "/p/code/models/net.py", "/p/code/utils/ops.py", "/p/code/train.py"];
        assert_eq!(find(&files, "/p/code/models", "utils.ops"), "/p/code/utils/ops.py");
        assert_eq!(find(&files, "/p/code", "models.net"), "/p/code/models/net.py");
    }

    #[test]
    fn a_package_hides_a_module_of_the_same_name() {
        let files = ["/p/.git/HEAD", "/p/a.py", "/p/a/__init__.py", "/p/a/b.py"];
        assert_eq!(find(&files, "/p", "a"), "/p/a/__init__.py");
        assert_eq!(find(&files, "/p", "a.b"), "/p/a/b.py");
    }

    #[test]
    fn submodules_belong_to_packages() {
        let tree = tree(&["/p/a/__init__.py", "/p/a/b.py", "/p/n/c.py"]);
        assert_eq!(submodule(Path::new("/p/a/__init__.py"), "b", &tree), Some(PathBuf::from("/p/a/b.py")));
        assert_eq!(submodule(Path::new("/p/n/__init__.py"), "c", &tree), Some(PathBuf::from("/p/n/c.py")));
        assert_eq!(submodule(Path::new("/p/a/b.py"), "c", &tree), None);
        assert_eq!(submodule(Path::new("/p/a/__init__.py"), "zzz", &tree), None);
    }

    #[test]
    fn module_names_are_those_that_tests_import() {
        let (layout, package) = (tree(&["/p/src/net/__init__.py"]), tree(&["/p/src/__init__.py"]));
        let name = |path: &str| module_name(Path::new(path), Path::new("/p"), &layout).as_str();
        assert_eq!(name("/p/models/convnet.py"), "models.convnet");
        assert_eq!(name("/p/src/net/__init__.py"), "net");
        assert_eq!(name("/p/train.py"), "train");
        assert_eq!(name("/elsewhere/a.py"), "elsewhere.a");
        assert_eq!(module_name(Path::new("/p/src/net.py"), Path::new("/p"), &package).as_str(), "src.net");
    }
}
