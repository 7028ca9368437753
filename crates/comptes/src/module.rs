//! What this context gives the application.

use crate::{
    actions::{donnees::EXPORTS, facteurs, fournisseur},
    annuaire,
    courriels::EXEMPLES,
    data::{DATA, PERSONNELLES},
    jobs, pages,
    permissions::PERMISSIONS,
    reconnaissance,
    references::REFERENCES,
};
use socle::{
    AppBuilder,
    errors::Erreur,
    module::{BoxFuture, Module, Sealed, Topic},
};
use std::sync::Arc;

/// People, as a module.
pub const MODULE: Module = Module {
    name: "comptes",
    routes: pages::routes,
    references: REFERENCES,
    permissions: PERMISSIONS,
    data: DATA,
    personal: PERSONNELLES,
    topics: SUJETS,
    exports: EXPORTS,
    jobs: &[jobs::CONSERVATION, jobs::INACTIVITE, jobs::RESUME, jobs::RAPPROCHEMENT],
    mails: EXEMPLES,
    sealed: SCELLES,
    start,
    ..Module::EMPTY
};

const SUJETS: &[Topic] = &[
    Topic {
        code: "comptes.attribution",
        title: "Une fonction a été accordée ou retirée",
        internal: false,
    },
    Topic {
        code: "comptes.groupement",
        title: "Un groupement a été créé, ou ses membres ont changé",
        internal: false,
    },
    Topic {
        code: "comptes.organisation",
        title: "Une organisation a été enregistrée ou modifiée",
        internal: false,
    },
];

const SCELLES: &[Sealed] = &[
    Sealed {
        table: "code_temporel",
        key: "personne_id",
        column: "secret",
        usage: facteurs::USAGE,
    },
    Sealed {
        table: "session",
        key: "id",
        column: "jeton",
        usage: fournisseur::USAGE_JETON,
    },
];

fn start(builder: &mut AppBuilder) -> BoxFuture<'_, Result<(), Erreur>> {
    builder.authenticate = reconnaissance::reconnaitre;
    builder.challenger = pages::defi::demander;
    builder.insert(Arc::new(pages::entete::ENTETE));
    Box::pin(async {
        fournisseur::demarrer(builder)?;
        annuaire::demarrer(builder)
    })
}
