//! What a context gives the application, as data: routes, permissions, classes of its columns, state machines, consumers of events.

use crate::{
    App, AppBuilder,
    clock::Instant,
    db::{DbResult, Tx},
    errors::Erreur,
    jobs::Job,
    mail::MailSample,
    outbox::Event,
    permissions::Permission,
    reference::Reference,
    routes::Routes,
};
use std::{future::Future, pin::Pin};
use uuid::Uuid;

/// A future in a box.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A context, seen by the binary that assembles them.
#[derive(Debug, Clone, Copy)]
pub struct Module {
    /// The context's name, also the name of its crate and of its migrations.
    pub name: &'static str,
    /// Its routes.
    pub routes: fn() -> Routes,
    /// The dated values that its rules ask for.
    pub references: &'static [Reference],
    /// What it erases when a person is forgotten.
    pub forgets: &'static [Forget],
    /// Its actions.
    pub permissions: &'static [Permission],
    /// The class and retention of each column of its tables.
    pub data: &'static [TableClass],
    /// What each table that says something of people says of them, in French, for the register; the tables of `data` say the rest.
    pub personal: &'static [(&'static str, &'static str)],
    /// Its state machines, drawn in the docs.
    pub states: &'static [StateMachine],
    /// What it tells those who follow.
    pub topics: &'static [Topic],
    /// Who consumes which events.
    pub consumers: &'static [Consumer],
    /// What it does from time to time.
    pub jobs: &'static [Job],
    /// Its mails, as the demonstration shows them.
    pub mails: &'static [MailSample],
    /// What it holds on a person, for that person.
    pub exports: &'static [Export],
    /// The columns that the operator's keys seal.
    pub sealed: &'static [Sealed],
    /// Prepares what the handlers need, such as a read index, before the first request.
    pub start: for<'a> fn(&'a mut AppBuilder) -> BoxFuture<'a, Result<(), Erreur>>,
}

impl Module {
    /// A module that gives nothing: a real one fills what it has, `Module { name: "lieux", routes, ..Module::EMPTY }`.
    pub const EMPTY: Self = Self {
        name: "",
        routes: Routes::new,
        references: &[],
        forgets: &[],
        permissions: &[],
        data: &[],
        personal: &[],
        states: &[],
        topics: &[],
        consumers: &[],
        jobs: &[],
        mails: &[],
        exports: &[],
        sealed: &[],
        start: no_start,
    };
}

fn no_start(_: &mut AppBuilder) -> BoxFuture<'_, Result<(), Erreur>> {
    Box::pin(async { Ok(()) })
}

/// The modules of the application, for the pages that show what it declares.
#[derive(Debug, Clone)]
pub struct Modules(pub Vec<Module>);

impl Modules {
    /// Every topic that a module tells.
    pub fn topics(&self) -> impl Iterator<Item = &'static Topic> {
        self.0.iter().flat_map(|module| module.topics)
    }

    /// The topics that other systems may follow.
    pub fn offered(&self) -> impl Iterator<Item = &'static Topic> {
        self.topics().filter(|topic| !topic.internal)
    }

    /// The topic that a code names.
    pub fn topic(&self, code: &str) -> Option<&'static Topic> {
        self.topics().find(|topic| topic.code == code)
    }
}

/// A kind of thing that happens; other systems may follow it unless it is internal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Topic {
    /// Its code, such as `lieux.import`.
    pub code: &'static str,
    /// What happened, in French.
    pub title: &'static str,
    /// Whether it only carries work from one part of the program to another.
    pub internal: bool,
}

/// A column whose values [`Keys::seal`](crate::secrets::Keys::seal) made, so that they can be sealed again with a new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// The table.
    pub table: &'static str,
    /// Its key, an identifier.
    pub key: &'static str,
    /// The column.
    pub column: &'static str,
    /// What its values are sealed for.
    pub usage: &'static str,
}

/// A part of what is held on a person, which they may read and take away.
#[derive(Debug, Clone, Copy)]
pub struct Export {
    /// What it is, in French.
    pub title: &'static str,
    /// Reads it: one object for each thing, whose keys are French words.
    pub run: for<'a> fn(&'a mut Tx, Uuid, Extent) -> BoxFuture<'a, DbResult<Exported>>,
}

/// How much is read of what is held on a person.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// When it is read.
    pub at: Instant,
    /// The most things of a part that a screen shows; without, everything.
    pub most: Option<usize>,
}

/// Erases what a context holds on a person, when they are forgotten.
pub type Forget = for<'a> fn(&'a mut Tx, Uuid) -> BoxFuture<'a, DbResult<()>>;

/// One object for each thing held on a person.
pub type Exported = Vec<serde_json::Value>;

/// How personal a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataClass {
    /// Anyone may read it.
    Public,
    /// It says something of a person.
    Personal,
    /// It must never leave the server.
    Secret,
}

/// Why the law allows a table to say something of people (GDPR, article 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegalBasis {
    /// A task in the public interest (6.1.e).
    PublicTask,
    /// An obligation that the law sets (6.1.c).
    LegalObligation,
    /// What the person agreed to (6.1.a).
    Consent,
    /// It says nothing of anyone.
    NoPersonalData,
}

impl LegalBasis {
    /// What it is called on the register, in French.
    pub const fn words(self) -> &'static str {
        match self {
            Self::PublicTask => "Mission d’intérêt public",
            Self::LegalObligation => "Obligation légale",
            Self::Consent => "Consentement",
            Self::NoPersonalData => "Sans donnée personnelle",
        }
    }
}

/// What becomes of the rows once they are no longer needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// They are removed.
    Destroy,
    /// What says who it was is emptied; the rest stays.
    Anonymise,
    /// They are public archives: given to the archives, or destroyed once these signed; never by a job alone (Code du patrimoine, L212-2).
    Archive,
}

impl Fate {
    /// What it is called on the register, in French.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Destroy => "Détruites",
            Self::Anonymise => "Rendues anonymes",
            Self::Archive => "Versées aux archives publiques, ou détruites avec leur visa",
        }
    }
}

/// What a table holds and how long: the register of data and docs/generated/data.md come from it.
#[derive(Debug, Clone, Copy)]
pub struct TableClass {
    /// The table.
    pub table: &'static str,
    /// Why it exists, in French.
    pub purpose: &'static str,
    /// How long its rows are kept, in French; a key in braces, such as `{comptes.sessions}`, stands for its value of the day.
    pub retention: &'static str,
    /// Why the law allows it.
    pub legal_basis: LegalBasis,
    /// What becomes of its rows then.
    pub fate: Fate,
    /// Each column with its class.
    pub columns: &'static [(&'static str, DataClass)],
}

/// A state machine, as its transitions `(from, verb, to)`; an empty `from` is the beginning.
#[derive(Debug, Clone, Copy)]
pub struct StateMachine {
    /// What moves.
    pub name: &'static str,
    /// Each transition.
    pub transitions: &'static [(&'static str, &'static str, &'static str)],
}

/// A job that an event starts; it may run twice for the same event, and must then change nothing more.
#[derive(Debug, Clone, Copy)]
pub struct Consumer {
    /// The topic of the events.
    pub topic: &'static str,
    /// The work.
    pub run: fn(App, Event) -> BoxFuture<'static, Result<(), Erreur>>,
}
