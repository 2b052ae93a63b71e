//! Runs the engine: one thread holds it, another asks it.
//!
//! The holder takes the newest texts when it may, and cancels the pass that is under way by changing the engine. A pass is
//! let finish when nothing was published for a while, so that someone who types without pause still sees findings.
//! Knows no protocol and no document beyond its path and text.
#![allow(clippy::disallowed_methods, reason = "how long nothing was published is a question of time; no finding depends on it")]

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::settings_files::{Faulty, SettingsReport};
use crate::engine::settings::{Given, Problem};
use crate::engine::{Engine, Report, STACK_BYTES, Snapshot, is_cancellation};
use crate::finding::TestPlan;
use crate::text::{Text, TextRange};

/// How long nothing may be published before a pass is let finish whatever is typed meanwhile.
const PATIENCE: Duration = Duration::from_millis(150);

/// Counts changes of anything that findings depend on. A result that carries an edition has seen all changes up to it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(super) struct Edition(pub(super) u64);

impl Edition {
    /// The edition after one more change.
    pub(super) fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// A change that the engine has to learn of.
pub(super) enum Change {
    /// A document was opened or edited.
    Text {
        /// The file it stands for.
        path: Arc<Path>,
        /// Its text now.
        text: Text,
    },
    /// A document was closed: the file counts again.
    Closed(Arc<Path>),
    /// Files changed on disk.
    Files(Vec<PathBuf>),
    /// The editor's own settings changed.
    Settings(Arc<Given>),
}

/// What became of a pass.
pub(super) struct Outcome {
    /// The file that was checked.
    pub(super) path: Arc<Path>,
    /// The changes that the pass had seen.
    pub(super) edition: Edition,
    /// The text that was checked.
    pub(super) text: Text,
    /// The findings, or why there are none.
    pub(super) result: Result<Checked, Panicked>,
}

/// The findings of a file.
#[derive(Default)]
pub(super) struct Checked {
    /// What the engine says.
    pub(super) report: Report,
    /// The texts of other files that the findings point to.
    pub(super) texts: HashMap<PathBuf, Text>,
    /// The project that the file belongs to; `None` for a text that is no file.
    pub(super) project: Option<Arc<Project>>,
    /// What trains in the file.
    pub(super) trained: Vec<Trained>,
    /// What is wrong with the settings files of the project.
    pub(super) settings: Vec<SettingsReport>,
    /// What is wrong with the settings of the editor.
    pub(super) complaints: Vec<String>,
}

/// Something that trains: a training test can be written for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Trained {
    /// Its name.
    pub(super) name: &'static str,
    /// Where it is defined.
    pub(super) range: TextRange,
}

/// Where the tests of something that trains go.
pub(super) type PlansReply = oneshot::Sender<Vec<TestPlan>>;

/// What the tests of something are that trains. Who asks hears nothing if a change comes first.
pub(super) struct Question {
    /// The file.
    pub(super) path: Arc<Path>,
    /// The name of what trains.
    pub(super) name: String,
    /// Where the answer goes.
    pub(super) reply: PlansReply,
}

/// Where the files of a project are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Project {
    /// The folder that holds it.
    pub(super) root: PathBuf,
    /// The folder into which tests are written.
    pub(super) tests: PathBuf,
    /// The files that hold rules of its own.
    pub(super) rules: Vec<PathBuf>,
}

impl Project {
    /// The file that holds its own rule of this name; `None` if it has none.
    pub(super) fn own_rule(&self, name: &str) -> Option<&Path> {
        self.rules.iter().map(PathBuf::as_path).find(|path| path.file_stem().is_some_and(|stem| stem == name))
    }
}

/// The analysis of a file panicked; it is not analysed again before it changes.
pub(super) struct Panicked {
    /// Whether this was not known before.
    pub(super) is_news: bool,
}

/// What the analysis needs of the engine.
pub(super) trait Analyser: Send + 'static {
    /// See [`Engine::snapshot`].
    type View: Checker;
    /// See [`Engine::set_overlay`].
    fn set_overlay(&mut self, path: &Path, text: Option<Arc<str>>);
    /// See [`Engine::refresh`].
    fn refresh(&mut self, path: &Path);
    /// See [`Engine::configure`].
    fn configure(&mut self, given: Given);
    /// See [`Engine::snapshot`].
    fn view(&self) -> Self::View;
}

/// What a pass needs of a snapshot of the engine.
pub(super) trait Checker: Send + 'static {
    /// See [`Snapshot::check`].
    fn check(&self, path: &Path) -> Report;
    /// See [`Snapshot::trainables`].
    fn trained(&self, path: &Path) -> Vec<Trained>;
    /// See [`Snapshot::training_tests`].
    fn training_tests(&self, path: &Path, name: &str) -> Vec<TestPlan>;
    /// See [`Snapshot::text`].
    fn text(&self, path: &Path) -> Option<Arc<str>>;
    /// See [`Snapshot::project_root`], [`Snapshot::test_folder`] and [`Snapshot::settings_files`].
    fn project(&self, path: &Path) -> Project;
    /// See [`Snapshot::settings_files`].
    fn settings_files(&self, path: &Path) -> Vec<PathBuf>;
    /// See [`Snapshot::settings_problems`].
    fn settings_problems(&self, path: &Path) -> Vec<Problem>;
}

impl Analyser for Engine {
    type View = Snapshot;

    fn set_overlay(&mut self, path: &Path, text: Option<Arc<str>>) {
        Engine::set_overlay(self, path, text);
    }

    fn refresh(&mut self, path: &Path) {
        Engine::refresh(self, path);
    }

    fn configure(&mut self, given: Given) {
        Engine::configure(self, given);
    }

    fn view(&self) -> Snapshot {
        self.snapshot()
    }
}

impl Checker for Snapshot {
    fn check(&self, path: &Path) -> Report {
        Snapshot::check(self, path)
    }

    fn trained(&self, path: &Path) -> Vec<Trained> {
        self.trainables(path).into_iter().map(|(trainable, place)| Trained { name: trainable.name(), range: place.range }).collect()
    }

    fn training_tests(&self, path: &Path, name: &str) -> Vec<TestPlan> {
        Snapshot::training_tests(self, path, name).unwrap_or_default()
    }

    fn text(&self, path: &Path) -> Option<Arc<str>> {
        Snapshot::text(self, path)
    }

    fn project(&self, path: &Path) -> Project {
        let mut rules = Snapshot::settings_files(self, path);
        rules.retain(|file| file.extension().is_some_and(|extension| extension == "scm"));
        Project { root: self.project_root(path), tests: self.test_folder(path), rules }
    }

    fn settings_files(&self, path: &Path) -> Vec<PathBuf> {
        Snapshot::settings_files(self, path)
    }

    fn settings_problems(&self, path: &Path) -> Vec<Problem> {
        Snapshot::settings_problems(self, path)
    }
}

/// Sends changes to the analysis.
#[derive(Clone)]
pub(super) struct Analysis(Sender<Event>);

impl Analysis {
    /// Starts both threads; `publish` is called with every outcome.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start<A: Analyser>(analyser: A, publish: impl FnMut(Outcome) + Send + 'static) -> std::io::Result<Self> {
        let (events, received) = channel();
        let (jobs, asked) = channel();
        let done = events.clone();
        let worker = move || work::<A::View>(&asked, &done);
        std::thread::Builder::new().name("analysis".to_owned()).stack_size(STACK_BYTES).spawn(worker)?;
        let holder = Holder {
            analyser,
            jobs,
            publish,
            edition: Edition::default(),
            changes: Vec::new(),
            open: Vec::new(),
            faulty: Faulty::default(),
            questions: Vec::new(),
            running: None,
            published: None,
        };
        std::thread::Builder::new().name("engine".to_owned()).stack_size(STACK_BYTES).spawn(move || holder.run(&received))?;
        Ok(Self(events))
    }

    /// Tells the analysis of a change.
    pub(super) fn change(&self, edition: Edition, change: Change) {
        if self.0.send(Event::Changed(edition, change)).is_err() {
            tracing::error!("the analysis has stopped");
        }
    }

    /// Asks for tests.
    pub(super) fn ask(&self, question: Question) {
        if self.0.send(Event::Asked(question)).is_err() {
            tracing::error!("the analysis has stopped");
        }
    }
}

enum Event {
    Changed(Edition, Change),
    Asked(Question),
    Done(Done),
}

enum Done {
    Checked(Checked),
    Answered,
    Cancelled,
    Panicked,
}

/// What the worker does: checks a file, or answers a question.
enum Job<V> {
    Check(V, Arc<Path>),
    Answer(V, Question),
}

impl<V: Checker> Job<V> {
    fn run(self) -> Done {
        match self {
            Self::Check(view, path) => Done::Checked(check(&view, &path)),
            Self::Answer(view, Question { path, name, reply }) => {
                // Whoever asked may have gone.
                let _ = reply.send(view.training_tests(&path, &name));
                Done::Answered
            }
        }
    }
}

/// Does one job after the other.
fn work<V: Checker>(jobs: &Receiver<Job<V>>, done: &Sender<Event>) {
    while let Ok(job) = jobs.recv() {
        let result = catch_unwind(AssertUnwindSafe(move || job.run()));
        let event = match result {
            Ok(done) => done,
            Err(payload) if is_cancellation(&*payload) => Done::Cancelled,
            Err(_) => Done::Panicked,
        };
        if done.send(Event::Done(event)).is_err() {
            return;
        }
    }
}

fn check(view: &impl Checker, path: &Path) -> Checked {
    let report = view.check(path);
    let places = report.findings.iter().flat_map(|finding| {
        let labels = finding.labels.iter().map(|label| &label.place);
        labels.chain(finding.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| &edit.place)))
    });
    let mut texts = HashMap::new();
    for place in places.filter(|place| place.path.as_path() != path) {
        if !texts.contains_key(place.path.as_path())
            && let Some(text) = view.text(&place.path)
        {
            texts.insert(place.path.to_path_buf(), Text::new(&text));
        }
    }
    let project = path.is_absolute().then(|| Arc::new(view.project(path)));
    let settings = project.iter().flat_map(|project| SettingsReport::of_project(view, &project.root)).collect();
    let problems = if project.is_some() { view.settings_problems(path) } else { Vec::new() };
    let complaints = problems.into_iter().filter(|problem| problem.place.is_none()).map(|problem| problem.message).collect();
    Checked { report, texts, project, trained: view.trained(path), settings, complaints }
}

/// An open document, as the analysis sees it.
struct Open {
    path: Arc<Path>,
    text: Text,
    /// When it got this text.
    changed: Edition,
    /// Changes of this document and of others up to here are in its findings.
    checked: Option<Edition>,
    /// Its analysis panicked, and it has not changed since.
    is_quarantined: bool,
}

/// A pass that is under way.
struct Pass {
    path: Arc<Path>,
    text: Text,
    edition: Edition,
}

/// What the worker does.
enum Running {
    Pass(Pass),
    Answer,
}

struct Holder<A: Analyser, P> {
    analyser: A,
    jobs: Sender<Job<A::View>>,
    publish: P,
    /// The changes that the engine knows.
    edition: Edition,
    /// The changes that it does not know yet.
    changes: Vec<(Edition, Change)>,
    /// The open documents, the last edited one first.
    open: Vec<Open>,
    /// Settings files for which another text stands.
    faulty: Faulty,
    /// Questions that wait for the worker.
    questions: Vec<Question>,
    running: Option<Running>,
    published: Option<Instant>,
}

impl<A: Analyser, P: FnMut(Outcome)> Holder<A, P> {
    fn run(mut self, events: &Receiver<Event>) {
        while let Ok(event) = events.recv() {
            self.take(event);
            // Newest wins: everything that has arrived is taken before the next pass starts.
            while let Ok(event) = events.try_recv() {
                self.take(event);
            }
            if self.running.is_none() || self.may_cancel() {
                self.apply();
            }
            if self.running.is_none() {
                self.start();
            }
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Changed(edition, change) => self.changes.push((edition, change)),
            Event::Asked(question) => self.questions.push(question),
            Event::Done(done) => self.finish(done),
        }
    }

    /// Whether what is under way may be given up for newer changes: an answer about the old text is of no use.
    fn may_cancel(&self) -> bool {
        matches!(self.running, Some(Running::Answer)) || self.published.is_some_and(|published| published.elapsed() < PATIENCE)
    }

    /// Lets the engine know of all changes; a pass that is under way unwinds.
    fn apply(&mut self) {
        let changes = std::mem::take(&mut self.changes);
        let newest = |at: usize, path: &Path| {
            !changes[at + 1..].iter().any(|(_, change)| match change {
                Change::Text { path: other, .. } | Change::Closed(other) => &**other == path,
                Change::Files(_) | Change::Settings(_) => false,
            })
        };
        for (at, (edition, change)) in changes.iter().enumerate() {
            self.edition = *edition;
            match change {
                Change::Text { path, text } => {
                    self.note_text(path, text, *edition);
                    if newest(at, path) {
                        self.tell(|analyser| analyser.set_overlay(path, Some(text.to_shared())));
                    }
                }
                Change::Closed(path) => {
                    self.open.retain(|open| open.path != *path);
                    if newest(at, path) {
                        self.tell(|analyser| analyser.set_overlay(path, None));
                    }
                }
                Change::Files(paths) => {
                    let mut faulty = std::mem::take(&mut self.faulty);
                    self.tell(|analyser| paths.iter().for_each(|path| faulty.refresh(analyser, path)));
                    self.faulty = faulty;
                }
                Change::Settings(given) => self.tell(|analyser| analyser.configure(Given::clone(given))),
            }
        }
    }

    fn note_text(&mut self, path: &Arc<Path>, text: &Text, changed: Edition) {
        self.open.retain(|open| open.path != *path);
        let (path, text) = (Arc::clone(path), text.clone());
        self.open.insert(0, Open { path, text, changed, checked: None, is_quarantined: false });
    }

    fn tell(&mut self, change: impl FnOnce(&mut A)) {
        if catch_unwind(AssertUnwindSafe(|| change(&mut self.analyser))).is_err() {
            tracing::error!("the engine panicked while it took in a change");
        }
    }

    /// Answers the next question, or starts the pass of the first document whose findings may be out of date.
    fn start(&mut self) {
        if let Some(question) = self.questions.pop() {
            self.running = Some(Running::Answer);
            return self.give(Job::Answer(self.analyser.view(), question));
        }
        loop {
            let edition = self.edition;
            let Some(open) = self.open.iter_mut().find(|open| open.checked != Some(edition)) else { return };
            if open.is_quarantined {
                open.checked = Some(edition);
                let (path, text) = (Arc::clone(&open.path), open.text.clone());
                (self.publish)(Outcome { path, edition, text, result: Err(Panicked { is_news: false }) });
                continue;
            }
            let (path, text) = (Arc::clone(&open.path), open.text.clone());
            self.running = Some(Running::Pass(Pass { path: Arc::clone(&path), text, edition }));
            return self.give(Job::Check(self.analyser.view(), path));
        }
    }

    fn give(&self, job: Job<A::View>) {
        if self.jobs.send(job).is_err() {
            tracing::error!("the analysis thread has stopped");
        }
    }

    fn finish(&mut self, done: Done) {
        let Some(Running::Pass(Pass { path, text, edition })) = self.running.take() else { return };
        let result = match done {
            Done::Cancelled | Done::Answered => return,
            Done::Checked(mut checked) => {
                self.faulty.correct(&mut checked.settings);
                Ok(checked)
            }
            Done::Panicked => Err(Panicked { is_news: true }),
        };
        // A document that was edited meanwhile stays to be checked; its owner decides whether the old result is shown.
        if let Some(open) = self.open.iter_mut().find(|open| open.path == path && open.changed <= edition) {
            open.is_quarantined = result.is_err();
            open.checked = Some(edition);
        }
        self.published = Some(Instant::now());
        (self.publish)(Outcome { path, edition, text, result });
    }
}
