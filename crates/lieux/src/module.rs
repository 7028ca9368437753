//! What this context gives the application.

use crate::{
    actions, api,
    data::{DATA, PERSONNELLES},
    domain::{depot, doublons::paire, revendication},
    index::Lieux,
    jobs, pages,
    permissions::{ConsulterLieux, PERMISSIONS},
    publication::Publication,
    references::REFERENCES,
    store,
};
use socle::{
    AppBuilder,
    errors::Erreur,
    module::{BoxFuture, Module, Sealed, Topic},
    routes::Routes,
};
use std::sync::Arc;
use utoipa::OpenApi;

/// Places, as a module.
pub const MODULE: Module = Module {
    name: "lieux",
    routes,
    permissions: PERMISSIONS,
    data: DATA,
    states: &[paire::ETATS, revendication::ETATS, depot::ETATS],
    consumers: &[actions::ecriture::CONSUMER],
    jobs: &[jobs::CONSERVATION],
    exports: &[actions::revendication::EXPORT, actions::depot::EXPORT],
    sealed: &[Sealed {
        table: "import_depose",
        key: "id",
        column: "octets",
        usage: store::depot::SCEAU,
    }],
    personal: PERSONNELLES,
    references: REFERENCES,
    forgets: &[|tx, id| Box::pin(store::conservation::oublier_personne(tx, id))],
    topics: SUJETS,
    start,
    ..Module::EMPTY
};

const SUJETS: &[Topic] = &[
    Topic {
        code: "lieux.fusion",
        title: "Des fiches du même lieu ont été réunies ou séparées",
        internal: false,
    },
    Topic {
        code: "lieux.import",
        title: "Un fichier de lieux a été importé",
        internal: false,
    },
    Topic {
        code: actions::depot::A_SUIVRE,
        title: "Un fichier de lieux déposé attend d’être écrit",
        internal: true,
    },
    Topic {
        code: actions::ecriture::ANNULE,
        title: "Un import de lieux a été annulé",
        internal: false,
    },
    Topic {
        code: "lieux.modification",
        title: "Un lieu a été modifié",
        internal: false,
    },
];

fn routes() -> Routes {
    Routes::new()
        .api::<ConsulterLieux, _, _>("/api/v1/lieux", api::lieux::lister)
        .api::<ConsulterLieux, _, _>("/api/v1/lieux/{id}", api::lieux::montrer)
        .merge(pages::routes())
}

/// Reads every place, then follows their changes.
fn start(builder: &mut AppBuilder) -> BoxFuture<'_, Result<(), Erreur>> {
    Box::pin(async move {
        actions::portee::completer(&builder.db).await?;
        let lieux = Arc::new(Lieux::charger(&builder.db, &builder.clock).await?);
        tokio::spawn(lieux.clone().suivre(builder.db.clone(), builder.clock.clone()));
        if let Some(dossier) = builder.settings.open_data.clone() {
            let publication = Arc::new(Publication::dans(dossier));
            tokio::spawn(publication.clone().suivre(lieux.clone(), builder.clock.clone()));
            builder.insert(publication);
        }
        builder.insert(lieux);
        builder.insert(Arc::new(pages::HABILLAGE));
        Ok(())
    })
}

/// The part of the OpenAPI document that describes places.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api::Document::openapi()
}
