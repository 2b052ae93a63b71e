//! What the command line accepts.

use std::path::PathBuf;

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::failure::Failure;
use super::targets::CurrentFolder;
use crate::engine::settings::{Given, Selector, Settings};

/// Finds silent training bugs in Python machine-learning code and writes the unit test that proves each of them.
#[derive(Parser, Debug)]
#[command(name = "backprobe", version)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,

    /// Whether output is coloured; `auto` asks the terminal, and `NO_COLOR`
    #[arg(long, global = true, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(super) color: ColorChoice,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Find silent training bugs in Python files
    Check(CheckArguments),
    /// Write the unit tests that prove the findings of a file
    Test(TestArguments),
    /// Print the page of a rule: what it finds, why it matters, wrong and right code
    Explain {
        /// The rule's name, as findings give it
        rule: String,
    },
    /// List the rules
    Rules {
        /// How the list is written
        #[arg(long, value_name = "FORMAT", value_enum, default_value_t = RulesFormat::Text)]
        output_format: RulesFormat,
    },
    /// Show the training step that is reconstructed from a file: what is known, and what is not
    Step {
        /// The file
        path: PathBuf,
    },
    /// Print the script that completes commands in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Speak the language server protocol over standard input and output
    Server,
}

#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(super) struct CheckArguments {
    /// Files and folders to check; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,

    /// How findings are written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = CheckFormat::Full)]
    pub(super) output_format: CheckFormat,

    /// Write how many findings each rule has instead of the findings; `[*]` marks rules whose findings have a fix
    #[arg(long)]
    pub(super) statistics: bool,

    /// Apply fixes that change nothing but the bug, and report what is left
    #[arg(long)]
    pub(super) fix: bool,

    /// Apply all fixes, those too that may change what the code does elsewhere
    #[arg(long)]
    pub(super) unsafe_fixes: bool,

    /// Show what fixes would change instead of writing it
    #[arg(long, conflicts_with_all = ["statistics", "output_format"])]
    pub(super) diff: bool,

    /// Check again whenever files change, until interrupted
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "diff", "stdin_filename"])]
    pub(super) watch: bool,

    /// The path that standard input stands for
    #[arg(long, value_name = "PATH")]
    pub(super) stdin_filename: Option<PathBuf>,

    #[command(flatten)]
    pub(super) settings: SettingsArguments,
}

/// Settings that count more than those of the project.
#[derive(Args, Debug)]
#[command(next_help_heading = "Settings")]
pub(super) struct SettingsArguments {
    /// Report these rules only, whatever the project's settings select or ignore: names of rules or of families, or `all`
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    select: Option<Vec<String>>,

    /// Do not report these rules, in place of those that the project's settings ignore
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    ignore: Option<Vec<String>>,

    /// Read settings from this file instead of the project's; what they say of paths is relative to its folder
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl SettingsArguments {
    /// What the engine is told, with paths relative to `folder`.
    pub(super) fn given(&self, folder: &CurrentFolder) -> Result<Given, Failure> {
        let file = self.config.as_deref().map(|path| folder.target(path).path);
        if let Some(path) = self.config.as_ref().filter(|path| !path.is_file()) {
            return Err(Failure::NoSuchPath(path.clone()));
        }
        let selectors = |rules: &Option<Vec<String>>| rules.as_ref().map(|rules| rules.iter().cloned().map(Selector).collect());
        let over = Settings { select: selectors(&self.select), ignore: selectors(&self.ignore), ..Settings::default() };
        Ok(Given { file, over, under: Vec::new() })
    }
}

#[derive(Args, Debug)]
pub(super) struct TestArguments {
    /// The file or folder whose findings are to be proved, or one line of a file; with `--for`, where the names are
    #[arg(value_name = "PATH[:LINE]")]
    pub(super) place: PathBuf,

    /// Test this instead of the findings: a model class, a function that builds or trains one, a method, or `__main__`; can be repeated
    #[arg(long = "for", value_name = "NAME")]
    pub(super) names: Vec<String>,

    /// The folder that tests are written into [default: the setting `test-directory`, `tests`]
    #[arg(long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,

    /// Print the tests instead of writing files
    #[arg(long, conflicts_with = "output")]
    pub(super) stdout: bool,

    #[command(flatten)]
    pub(super) settings: SettingsArguments,
}

/// How findings are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum CheckFormat {
    /// With an excerpt of the source
    Full,
    /// One line a finding
    Concise,
    /// One array of objects
    Json,
    /// SARIF 2.1.0, which code scanning reads
    Sarif,
    /// Workflow commands of GitHub Actions, which annotate the code
    Github,
    /// A Code Quality report of GitLab
    Gitlab,
    /// JUnit XML
    Junit,
}

/// How the list of rules is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum RulesFormat {
    /// One line a rule
    Text,
    /// One array of objects
    Json,
}
