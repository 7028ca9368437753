//! Who may do what, declared once per context. Roles and perimeters are opaque codes here; the context that owns people gives them meaning.
//!
//! A perimeter is a code, such as `D:69` or `O:…` (an organisation). A thing lies in a set of codes; a grant covers it when one of the
//! codes that the grant covers is in the set. The same comparison guards one thing ([`authorise`]) and filters a list in SQL ([`scope`]).

use crate::clock::Instant;
use axum::{extract::FromRequestParts, http::request::Parts};
use std::{convert::Infallible, marker::PhantomData};
use uuid::Uuid;

/// The code of a role, such as `Prefecture`.
pub type Role = &'static str;

/// The role of anyone, signed in or not.
pub const PUBLIC: Role = "Public";
/// The role of anyone who is signed in.
pub const CONNECTE: Role = "Connecte";
/// The role of who runs the platform's commands.
pub const OPERATEUR: Role = "Operateur";
/// The code of the perimeter that holds everything.
pub const WHOLE: &str = "N";

/// How far a role reaches for an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Everything.
    Partout,
    /// What lies in the perimeter over which the role is held.
    Perimetre,
    /// What is the person's own.
    Soi,
}

impl Reach {
    /// The name that declarations and the published table use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Partout => "Partout",
            Self::Perimetre => "Perimetre",
            Self::Soi => "Soi",
        }
    }
}

/// The code of a person's own things.
pub fn person_code(person: Uuid) -> String {
    format!("P:{person}")
}

/// A role held over a perimeter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role held.
    pub role: Role,
    /// The code of the perimeter, as people see it; empty when the role has none.
    pub perimeter: String,
    /// The codes that the perimeter covers today: itself, or its members when it is a group.
    pub covers: Vec<String>,
    /// What gave it: an attribution or a delegation.
    pub source: Option<Uuid>,
}

impl Grant {
    /// A role that has no perimeter.
    pub fn plain(role: Role) -> Self {
        Self {
            role,
            perimeter: String::new(),
            covers: Vec::new(),
            source: None,
        }
    }

    /// A role over the one perimeter that this code names.
    pub fn over(role: Role, perimeter: impl Into<String>) -> Self {
        let perimeter = perimeter.into();
        Self {
            role,
            covers: vec![perimeter.clone()],
            perimeter,
            source: None,
        }
    }

    fn covers_everything(&self) -> bool {
        self.covers.iter().any(|code| code == WHOLE)
    }
}

/// How a person proved who they are, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// Whether two factors were shown.
    pub strong: bool,
    /// When a factor was last shown.
    pub at: Instant,
}

/// Who is behind a request or a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Actor {
    /// The person in whose name things are done, when known.
    pub person: Option<Uuid>,
    /// The person who really acts, when it is in someone's place.
    pub really: Option<Uuid>,
    /// What they hold.
    pub grants: Vec<Grant>,
    /// Roles held, but withheld until a second factor is shown.
    pub withheld: Vec<Role>,
    /// The session, when there is one.
    pub session: Option<Uuid>,
    /// How the session's person was recognised.
    pub proof: Option<Proof>,
    /// The name shown in the header.
    pub name: Option<String>,
}

impl Actor {
    /// Anyone.
    pub fn public() -> Self {
        Self {
            grants: vec![Grant::plain(PUBLIC)],
            ..Self::default()
        }
    }

    /// Who runs a command on the server.
    pub fn operator() -> Self {
        Self {
            grants: vec![Grant::plain(PUBLIC), Grant::plain(OPERATEUR)],
            ..Self::default()
        }
    }

    /// Someone who is signed in and holds nothing yet.
    pub fn signed_in(person: Uuid) -> Self {
        Self {
            person: Some(person),
            grants: vec![Grant::plain(PUBLIC), Grant::over(CONNECTE, person_code(person))],
            ..Self::default()
        }
    }

    /// The same person with this role too.
    pub fn with(mut self, grant: Grant) -> Self {
        self.grants.push(grant);
        self
    }

    /// Whether the actor holds a role.
    pub fn holds(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// The function written in the journal: the last role held and its perimeter, never a person.
    pub fn label(&self) -> String {
        match self.grants.last() {
            None => PUBLIC.to_owned(),
            // A person's own perimeter would name them.
            Some(grant) if grant.perimeter.is_empty() || grant.role == CONNECTE => grant.role.to_owned(),
            Some(grant) => format!("{} {}", grant.role, grant.perimeter),
        }
    }
}

/// What a rule needs to know of the thing acted upon.
pub trait Resource {
    /// The codes of where the thing lies: territories, organisations, persons.
    fn codes(&self) -> Vec<String>;
}

/// The whole platform, for actions that bear on no one thing: only a role that reaches everything may.
#[derive(Debug, Clone, Copy)]
pub struct Everything;

impl Resource for Everything {
    fn codes(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A place described by its codes alone, for something that does not exist yet.
impl Resource for [String] {
    fn codes(&self) -> Vec<String> {
        self.to_vec()
    }
}

impl Resource for Vec<String> {
    fn codes(&self) -> Vec<String> {
        self.clone()
    }
}

/// An action that [`permissions!`](crate::permissions!) declared.
pub trait Action: Send + Sync + 'static {
    /// Its name.
    const NAME: &'static str;
    /// The roles that may do it, and how far each reaches.
    const RULES: &'static [(Role, Reach)];
    /// Whether who they are is asked again after a while.
    const SENSITIVE: bool;
}

/// One line of the table of permissions.
#[derive(Debug, Clone, Copy)]
pub struct Permission {
    /// The action's name.
    pub action: &'static str,
    /// What it lets a person do, as its declaration says.
    pub about: &'static str,
    /// The roles that may do it, and how far each reaches.
    pub rules: &'static [(Role, Reach)],
    /// Whether who they are is asked again after a while.
    pub sensitive: bool,
}

/// Proof that an actor may do `A`; only [`authorise`] and [`scope`] make one, so that an unchecked path does not compile.
#[derive(Debug)]
pub struct Permit<A> {
    actor: Actor,
    grant: Grant,
    action: PhantomData<fn() -> A>,
}

impl<A> Permit<A> {
    /// Who was authorised.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The grant that authorised them, which says in what quality they act.
    pub fn grant(&self) -> &Grant {
        &self.grant
    }
}

/// The actor may not do this; shown as an absent page, so that nobody can probe for files.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("action interdite : {0}")]
pub struct Forbidden(pub &'static str);

/// The rules of `A` that a grant of this actor answers to.
fn answers<A: Action>(actor: &Actor) -> impl Iterator<Item = (&Grant, Reach)> {
    actor.grants.iter().flat_map(|grant| {
        let reaches = A::RULES.iter().filter(|(role, _)| *role == grant.role);
        reaches.map(move |(_, reach)| (grant, *reach))
    })
}

/// Checks the table: may this actor do `A` on this thing?
///
/// # Errors
/// [`Forbidden`] when no grant of the actor covers the action on this thing.
pub fn authorise<A: Action>(actor: &Actor, on: &(impl Resource + ?Sized)) -> Result<Permit<A>, Forbidden> {
    let codes = on.codes();
    let own = actor.person.map(person_code);
    let covered = |grant: &Grant, reach: Reach| match reach {
        Reach::Partout => true,
        Reach::Soi => own.as_ref().is_some_and(|own| codes.contains(own)),
        Reach::Perimetre => grant.covers_everything() || grant.covers.iter().any(|code| codes.contains(code)),
    };
    answers::<A>(actor)
        .find(|(grant, reach)| covered(grant, *reach))
        .map(|(grant, _)| permit(actor, grant))
        .ok_or(Forbidden(A::NAME))
}

fn permit<A>(actor: &Actor, grant: &Grant) -> Permit<A> {
    Permit {
        actor: actor.clone(),
        grant: grant.clone(),
        action: PhantomData,
    }
}

/// What a list may show: everything, or what lies in one of these codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    Everything,
    /// What lies in one of these codes; never empty.
    Within(Vec<String>),
}

impl Scope {
    /// Whether everything may be shown: the first parameter of a scoped statement.
    pub fn is_everything(&self) -> bool {
        *self == Self::Everything
    }

    /// The codes that may be shown, for the list at the end of a scoped statement.
    pub fn codes(&self) -> &[String] {
        match self {
            Self::Everything => &[],
            Self::Within(codes) => codes,
        }
    }
}

/// What a list of things on which the actor may do `A` shows.
///
/// # Errors
/// [`Forbidden`] when no role of the actor may do it anywhere.
pub fn scope<A: Action>(actor: &Actor) -> Result<(Permit<A>, Scope), Forbidden> {
    let held: Vec<_> = answers::<A>(actor).collect();
    let (first, _) = held.first().ok_or(Forbidden(A::NAME))?;
    let wide = held
        .iter()
        .find(|(grant, reach)| *reach == Reach::Partout || (*reach == Reach::Perimetre && grant.covers_everything()));
    if let Some((grant, _)) = wide {
        return Ok((permit(actor, grant), Scope::Everything));
    }
    let mut codes: Vec<String> = held
        .iter()
        .flat_map(|(grant, reach)| match reach {
            Reach::Soi => actor.person.map(person_code).into_iter().collect(),
            _ => grant.covers.clone(),
        })
        .collect();
    codes.sort();
    codes.dedup();
    if codes.is_empty() {
        return Err(Forbidden(A::NAME));
    }
    Ok((permit(actor, first), Scope::Within(codes)))
}

/// Whether the actor may do `A` on something somewhere: what a menu or a button asks before it is shown.
pub fn may_try<A: Action>(actor: &Actor) -> bool {
    may_try_rules(actor, A::RULES)
}

/// As [`may_try`], for rules known at run time.
pub fn may_try_rules(actor: &Actor, rules: &[(Role, Reach)]) -> bool {
    rules.iter().any(|(role, _)| actor.holds(role))
}

impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = Infallible;

    /// Who the guard of the route recognised; anyone when it recognised nobody.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(Self::public))
    }
}

/// Declares the actions of a context: `permissions! { ClasserLieu: Operateur Partout; }` makes one unit type per action and the table
/// `PERMISSIONS`. `sensible ClasserLieu: …` asks the person again who they are after a while.
#[macro_export]
macro_rules! permissions {
    (@flag sensible) => { true };
    (@flag) => { false };
    (@one [$($sensitive:ident)?] $(#[doc = $doc:literal])* $action:ident : $($role:ident $reach:ident),+) => {
        $(#[doc = $doc])*
        #[derive(Debug)]
        pub struct $action;
        impl $crate::permissions::Action for $action {
            const NAME: &'static str = stringify!($action);
            const RULES: &'static [($crate::permissions::Role, $crate::permissions::Reach)] =
                &[$((stringify!($role), $crate::permissions::Reach::$reach)),+];
            const SENSITIVE: bool = $crate::permissions!(@flag $($sensitive)?);
        }
    };
    ($($(#[doc = $doc:literal])* $(@ $sensitive:ident)? $action:ident : $($role:ident $reach:ident),+ ;)+) => {
        $($crate::permissions!(@one [$($sensitive)?] $(#[doc = $doc])* $action : $($role $reach),+);)+
        /// Every action of this context, for the generated table and for the test of every route.
        pub const PERMISSIONS: &[$crate::permissions::Permission] = &[$($crate::permissions::Permission {
            action: <$action as $crate::permissions::Action>::NAME,
            about: concat!($($doc),*),
            rules: <$action as $crate::permissions::Action>::RULES,
            sensitive: <$action as $crate::permissions::Action>::SENSITIVE,
        }),+];
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    crate::permissions! {
        /// Reading.
        Lire: Public Partout;
        /// Deciding.
        @sensible Decider: Prefecture Perimetre, Operateur Partout;
        /// Changing one's own file.
        Corriger: Connecte Soi, Prefecture Perimetre;
    }

    fn prefecture(code: &str) -> Actor {
        Actor::signed_in(Uuid::from_u128(1)).with(Grant::over("Prefecture", code))
    }

    #[test]
    fn une_prefecture_decide_dans_son_departement_et_pas_chez_son_voisin() {
        let (ain, rhone) = (vec!["D:01".to_owned(), "R:84".to_owned()], vec!["D:69".to_owned()]);
        let nadia = prefecture("D:01");
        assert!(authorise::<Decider>(&nadia, &ain).is_ok());
        assert_eq!(authorise::<Decider>(&nadia, &rhone).unwrap_err(), Forbidden("Decider"));
        assert!(authorise::<Decider>(&prefecture("R:84"), &ain).is_ok());
        assert!(authorise::<Decider>(&prefecture(WHOLE), &rhone).is_ok());
        assert!(authorise::<Decider>(&Actor::public(), &rhone).is_err());
        assert!(authorise::<Lire>(&Actor::public(), &Everything).is_ok());
        assert!(authorise::<Decider>(&Actor::operator(), &Everything).is_ok());
        assert!(authorise::<Decider>(&nadia, &Everything).is_err());
        assert_eq!(
            PERMISSIONS.iter().map(|p| (p.action, p.sensitive)).collect::<Vec<_>>(),
            [("Lire", false), ("Decider", true), ("Corriger", false)]
        );
        assert_eq!(PERMISSIONS[1].about, " Deciding.");
    }

    #[test]
    fn chacun_peut_corriger_ce_qui_est_a_lui() {
        let awa = Actor::signed_in(Uuid::from_u128(7));
        assert!(authorise::<Corriger>(&awa, &vec![person_code(Uuid::from_u128(7))]).is_ok());
        assert!(authorise::<Corriger>(&awa, &vec![person_code(Uuid::from_u128(8))]).is_err());
        assert_eq!(
            scope::<Corriger>(&awa).unwrap().1,
            Scope::Within(vec![person_code(Uuid::from_u128(7))])
        );
        assert_eq!(awa.label(), "Connecte");
    }

    proptest! {
        /// A list shows exactly the things that would be authorised one by one.
        #[test]
        fn une_liste_montre_ce_qui_serait_permis_un_a_un(
            held in prop::collection::vec(prop::sample::select(vec!["D:01", "D:69", "R:84", WHOLE]), 0..3),
            thing in prop::collection::vec(prop::sample::select(vec!["D:01", "D:69", "R:84", "P:00000000-0000-0000-0000-000000000001"]), 0..3),
        ) {
            let actor = held.iter().fold(Actor::signed_in(Uuid::from_u128(1)), |a, code| a.with(Grant::over("Prefecture", *code)));
            let thing: Vec<String> = thing.iter().map(|code| (*code).to_owned()).collect();
            let alone = authorise::<Corriger>(&actor, &thing).is_ok();
            let listed = scope::<Corriger>(&actor).is_ok_and(|(_, scope)| {
                scope.is_everything() || thing.iter().any(|code| scope.codes().contains(code))
            });
            prop_assert_eq!(alone, listed);
        }
    }
}
