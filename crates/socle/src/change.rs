//! The one way in which things change: load, check the action, decide by a pure function, save guarded by the version, write the journal,
//! queue what must follow; all in the caller's transaction.

use crate::{
    App,
    clock::Instant,
    db::{DbResult, Tx},
    errors::Erreur,
    errors::Refus,
    journal::{self, Link},
    outbox,
    permissions::{Action, Actor, Permit, Resource, authorise},
};
use serde_json::Value;
use uuid::Uuid;

/// A thing that is stored with a version.
pub trait Stored: Resource + Sized + Send + Sync {
    /// The kind of thing, as the journal and the events name it.
    const KIND: &'static str;

    /// Its identifier.
    fn id(&self) -> Uuid;

    /// How many times it changed.
    fn version(&self) -> i64;

    /// The persons that a change of it concerns, who may see it in their own journal.
    fn people(&self) -> Vec<Uuid> {
        Vec::new()
    }

    /// Reads it.
    fn load(tx: &mut Tx, id: Uuid) -> impl Future<Output = DbResult<Option<Self>>> + Send;

    /// Writes it for the first time.
    fn insert(&self, tx: &mut Tx) -> impl Future<Output = DbResult<()>> + Send;

    /// Writes it if its version is still the one read, and raises the version; gives whether it was.
    fn update(&self, tx: &mut Tx) -> impl Future<Output = DbResult<bool>> + Send;
}

/// What a pure decision gives: the thing as it becomes, and what the journal keeps of it, without personal data.
#[derive(Debug, Clone)]
pub struct Decision<T> {
    /// The thing as it becomes.
    pub next: T,
    /// What changed, for the journal: codes and identifiers, never a name or an address.
    pub detail: Value,
    /// What happened, for those who follow: the topic of an event.
    pub topic: Option<&'static str>,
}

impl<T> Decision<T> {
    /// A change that nobody follows.
    pub fn new(next: T, detail: Value) -> Self {
        Self {
            next,
            detail,
            topic: None,
        }
    }

    /// Tells those who follow this topic.
    pub fn tell(mut self, topic: &'static str) -> Self {
        self.topic = Some(topic);
        self
    }
}

/// Who acts, in which application, and when.
#[derive(Debug, Clone)]
pub struct Act<'a> {
    /// The application.
    pub app: &'a App,
    /// Who acts.
    pub actor: &'a Actor,
    /// When.
    pub at: Instant,
}

impl<'a> Act<'a> {
    /// An act that happens now.
    pub fn now(app: &'a App, actor: &'a Actor) -> Self {
        Self {
            app,
            actor,
            at: app.clock.now(),
        }
    }

    /// A new identifier.
    pub fn id(&self) -> Uuid {
        self.app.ids.next(self.at)
    }

    /// Changes a stored thing. `seen` is the version that the person saw when they decided, if a page showed it to them.
    ///
    /// # Errors
    /// `Introuvable` when the thing is absent or out of the actor's reach, `Conflit` when it changed since it was seen or since it was
    /// read, and what the decision refuses.
    pub async fn change<A: Action, T: Stored>(
        &self,
        tx: &mut Tx,
        id: Uuid,
        seen: Option<i64>,
        decide: impl FnOnce(T, &Permit<A>) -> Result<Decision<T>, Refus>,
    ) -> Result<T, Erreur> {
        let thing = T::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
        let permit = authorise::<A>(self.actor, &thing)?;
        if seen.is_some_and(|seen| seen != thing.version()) {
            return Err(Erreur::Conflit);
        }
        let decision = decide(thing, &permit)?;
        if !decision.next.update(tx).await? {
            return Err(Erreur::Conflit);
        }
        self.record(tx, &permit, &decision).await?;
        Ok(decision.next)
    }

    /// Stores a new thing.
    ///
    /// # Errors
    /// `Introuvable` when the thing would lie out of the actor's reach; the engine's.
    pub async fn create<A: Action, T: Stored>(&self, tx: &mut Tx, decision: Decision<T>) -> Result<T, Erreur> {
        let permit = authorise::<A>(self.actor, &decision.next)?;
        decision.next.insert(tx).await?;
        self.record(tx, &permit, &decision).await?;
        Ok(decision.next)
    }

    async fn record<A: Action, T: Stored>(
        &self,
        tx: &mut Tx,
        permit: &Permit<A>,
        decision: &Decision<T>,
    ) -> Result<(), Erreur> {
        let thing = &decision.next;
        self.journal(
            tx,
            permit,
            (T::KIND, thing.id()),
            decision.detail.clone(),
            &thing.people(),
        )
        .await?;
        if let Some(topic) = decision.topic {
            let payload = serde_json::json!({ "objet": T::KIND, "id": thing.id() });
            let object = format!("{}:{}", T::KIND, thing.id());
            outbox::publish_in_order(tx, (self.id(), self.at), topic, &object, payload).await?;
        }
        Ok(())
    }

    /// Writes a line of the journal for something that is not a stored thing with a version, such as reading a file.
    ///
    /// # Errors
    /// The engine's.
    pub async fn journal<A: Action>(
        &self,
        tx: &mut Tx,
        permit: &Permit<A>,
        (kind, id): (&'static str, Uuid),
        detail: Value,
        people: &[Uuid],
    ) -> Result<(), Erreur> {
        // An object that is a person stands beside the line, like everybody.
        let object_id = if people.contains(&id) {
            String::new()
        } else {
            id.to_string()
        };
        let link = |person| if person == id { Link::Objet } else { Link::Concerne };
        let entry = journal::Entry::by(&self.app.ids, self.at, permit, (kind, object_id)).detail(detail);
        let entry = people
            .iter()
            .fold(entry, |entry, person| entry.about(link(*person), *person));
        Ok(journal::write(tx, &self.app.settings.keys, entry).await?)
    }
}
