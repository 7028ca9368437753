//! Who may do what, declared once per context. Roles and reaches are opaque codes here; the context that owns people gives them meaning.

use std::marker::PhantomData;
use uuid::Uuid;

/// The code of a role, such as `Prefecture`.
pub type Role = &'static str;
/// The code of how far a role reaches, such as `Departement` or `Partout`.
pub type Reach = &'static str;

/// The role of anyone, signed in or not.
pub const PUBLIC: Role = "Public";
/// The role of who runs the platform's commands.
pub const OPERATEUR: Role = "Operateur";
/// The reach without bounds.
pub const PARTOUT: Reach = "Partout";

/// A role held over a perimeter; `perimeter` is the code that a reach is compared with (a département, an organisation...).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role held.
    pub role: Role,
    /// The code of the perimeter, empty when the role has none.
    pub perimeter: String,
}

/// Who is behind a request or a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person, when known.
    pub person: Option<Uuid>,
    /// What they hold.
    pub grants: Vec<Grant>,
}

impl Actor {
    /// Anyone.
    pub fn public() -> Self {
        Self {
            person: None,
            grants: vec![Grant {
                role: PUBLIC,
                perimeter: String::new(),
            }],
        }
    }

    /// Who runs a command on the server.
    pub fn operator() -> Self {
        let grant = |role| Grant {
            role,
            perimeter: String::new(),
        };
        Self {
            person: None,
            grants: vec![grant(PUBLIC), grant(OPERATEUR)],
        }
    }

    /// The name written in the journal.
    pub fn label(&self) -> String {
        match self.person {
            Some(id) => id.to_string(),
            None => self.grants.last().map_or(PUBLIC, |g| g.role).to_owned(),
        }
    }
}

/// What a rule needs to know of the thing acted upon.
pub trait Resource {
    /// Whether the thing lies within a grant's perimeter, for a reach other than [`PARTOUT`].
    fn is_within(&self, reach: Reach, grant: &Grant) -> bool;
}

/// The whole platform, for actions that bear on no one thing.
#[derive(Debug, Clone, Copy)]
pub struct Everything;

impl Resource for Everything {
    fn is_within(&self, _: Reach, _: &Grant) -> bool {
        false
    }
}

/// An action that [`permissions!`](crate::permissions!) declared.
pub trait Action: Send + Sync + 'static {
    /// Its name.
    const NAME: &'static str;
    /// The roles that may do it, and how far each reaches.
    const RULES: &'static [(Role, Reach)];
}

/// One line of the table of permissions.
#[derive(Debug, Clone, Copy)]
pub struct Permission {
    /// The action's name.
    pub action: &'static str,
    /// The roles that may do it, and how far each reaches.
    pub rules: &'static [(Role, Reach)],
}

/// Proof that an actor may do `A`; only [`authorise`] makes one, so that an unchecked path does not compile.
#[derive(Debug)]
pub struct Permit<A> {
    actor: Actor,
    action: PhantomData<A>,
}

impl<A> Permit<A> {
    /// Who was authorised.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }
}

/// The actor may not do this; shown as an absent page, so that nobody can probe for files.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("action interdite : {0}")]
pub struct Forbidden(pub &'static str);

/// Checks the table: may this actor do `A` on this thing?
///
/// # Errors
/// [`Forbidden`] when no grant of the actor covers the action on this thing.
pub fn authorise<A: Action>(actor: &Actor, on: &impl Resource) -> Result<Permit<A>, Forbidden> {
    let covers = |grant: &Grant| {
        A::RULES
            .iter()
            .any(|&(role, reach)| role == grant.role && (reach == PARTOUT || on.is_within(reach, grant)))
    };
    if actor.grants.iter().any(covers) {
        Ok(Permit {
            actor: actor.clone(),
            action: PhantomData,
        })
    } else {
        Err(Forbidden(A::NAME))
    }
}

/// Declares the actions of a context: `permissions! { ClasserLieu: Operateur Partout; }` makes one unit type per action and the table `PERMISSIONS`.
#[macro_export]
macro_rules! permissions {
    ($($(#[$doc:meta])* $action:ident : $($role:ident $reach:ident),+ ;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $action;
            impl $crate::permissions::Action for $action {
                const NAME: &'static str = stringify!($action);
                const RULES: &'static [($crate::permissions::Role, $crate::permissions::Reach)] =
                    &[$((stringify!($role), stringify!($reach))),+];
            }
        )+
        /// Every action of this context, for the generated table and for the test of every route.
        pub const PERMISSIONS: &[$crate::permissions::Permission] = &[$($crate::permissions::Permission {
            action: <$action as $crate::permissions::Action>::NAME,
            rules: <$action as $crate::permissions::Action>::RULES,
        }),+];
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::permissions! {
        /// Reading.
        Lire: Public Partout;
        /// Deciding.
        Decider: Prefecture Departement, Operateur Partout;
    }

    struct Dossier(&'static str);
    impl Resource for Dossier {
        fn is_within(&self, reach: Reach, grant: &Grant) -> bool {
            reach == "Departement" && grant.perimeter == self.0
        }
    }

    #[test]
    fn une_prefecture_decide_dans_son_departement_et_pas_chez_son_voisin() {
        let nadia = Actor {
            person: None,
            grants: vec![Grant {
                role: "Prefecture",
                perimeter: "01".into(),
            }],
        };
        assert!(authorise::<Decider>(&nadia, &Dossier("01")).is_ok());
        assert_eq!(
            authorise::<Decider>(&nadia, &Dossier("69")).unwrap_err(),
            Forbidden("Decider")
        );
        assert!(authorise::<Decider>(&Actor::public(), &Dossier("01")).is_err());
        assert!(authorise::<Lire>(&Actor::public(), &Everything).is_ok());
        assert!(authorise::<Decider>(&Actor::operator(), &Everything).is_ok());
        assert_eq!(PERMISSIONS.len(), 2);
    }
}
