//! What the territory gives the application: its entries of the API, its actions, its tables.

use std::sync::Arc;

use socle::{
    AppBuilder,
    errors::Erreur,
    module::{BoxFuture, DataClass::Public, Fate, LegalBasis, Module, TableClass, Topic},
    permissions,
    routes::Routes,
};

use utoipa::OpenApi;

use crate::{
    Referentiel,
    actions::lire_couches::LectureCouches,
    api::territoires,
    geocodeur::{ServiceNational, sans_service},
};

permissions! {
    /// Reading communes, départements, régions, EPCI and layers.
    ConsulterTerritoire: Public Partout;
    /// Importing a dated layer.
    ImporterCouche: Operateur Partout;
}

/// The territory, as a module.
pub const MODULE: Module = Module {
    name: "territoire",
    routes,
    permissions: PERMISSIONS,
    topics: &[Topic {
        code: "territoire.couche_importee",
        title: "Une couche de territoires a été importée",
        internal: false,
    }],
    data: &[
        TableClass {
            table: "couche",
            purpose: "Les couches datées sur le territoire : quartiers prioritaires, zonages, indice de fragilité, France Services",
            retention: "toute la vie de la base",
            legal_basis: LegalBasis::NoPersonalData,
            fate: Fate::Destroy,
            columns: &[
                ("id", Public),
                ("nature", Public),
                ("source", Public),
                ("millesime", Public),
                ("licence", Public),
                ("valable_du", Public),
                ("valable_au", Public),
                ("empreinte", Public),
                ("importee_at", Public),
            ],
        },
        TableClass {
            table: "couche_element",
            purpose: "Les lignes de chaque couche, telles que publiées",
            retention: "jusqu’au remplacement de la couche",
            legal_basis: LegalBasis::NoPersonalData,
            fate: Fate::Destroy,
            columns: &[
                ("couche_id", Public),
                ("code", Public),
                ("libelle", Public),
                ("contenu", Public),
            ],
        },
    ],
    start,
    ..Module::EMPTY
};

/// The description of the territory's entries of the API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    territoires::Description::openapi()
}

fn routes() -> Routes {
    Routes::new()
        .api::<ConsulterTerritoire, _, _>("/api/v1/territoires/communes", territoires::communes)
        .api::<ConsulterTerritoire, _, _>("/api/v1/territoires/communes/{code}", territoires::commune)
        .api::<ConsulterTerritoire, _, _>(
            "/api/v1/territoires/communes/{code}/couches",
            territoires::couches_de_la_commune,
        )
        .api::<ConsulterTerritoire, _, _>("/api/v1/territoires/departements", territoires::departements)
        .api::<ConsulterTerritoire, _, _>("/api/v1/territoires/regions", territoires::regions)
        .api::<ConsulterTerritoire, _, _>("/api/v1/territoires/collectivites", territoires::collectivites)
        .api::<ConsulterTerritoire, _, _>("/api/v1/territoires/epci/{siren}", territoires::epci)
        .api::<ConsulterTerritoire, _, _>("/api/v1/territoires/couches", territoires::liste_des_couches)
}

/// The search index, the layers and the address service are ready before the first request.
fn start(builder: &mut AppBuilder) -> BoxFuture<'_, Result<(), Erreur>> {
    Box::pin(async {
        let lecture = LectureCouches::default();
        lecture.a_jour(&builder.db, builder.clock.now()).await?;
        builder.insert(Arc::new(lecture));
        if let Some(adresses) = &builder.settings.addresses {
            let service = ServiceNational::nouveau(&adresses.url, adresses.budget)
                .map_err(|cause| sans_service("geocodeur.url", "le service d’adresses", &cause))?;
            builder.insert(Arc::new(service));
        }
        tokio::task::spawn_blocking(|| Referentiel::embarque().prechauffer())
            .await
            .map_err(Erreur::faute)
    })
}
