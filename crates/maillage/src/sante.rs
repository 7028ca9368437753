//! `/sante`: whether this node can serve, for the proxy and the watch.

use axum::{
    Json,
    extract::State,
    http::Method,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use socle::{
    App,
    db::migrations,
    errors::Erreur,
    module::Module,
    permissions,
    routes::{Kind, Routes},
};

permissions! {
    /// Asking whether the node is well.
    VoirSante: Public Partout;
}

/// The health of the node.
pub const MODULE: Module = Module {
    name: "sante",
    routes: || Routes::new().add::<VoirSante, _, _>(Kind::File, Method::GET, "/sante", sante),
    permissions: PERMISSIONS,
    ..Module::EMPTY
};

#[derive(Serialize)]
struct Sante {
    etat: &'static str,
    version: &'static str,
    schema: i64,
}

async fn sante(State(app): State<App>) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let schema = migrations::version(&mut tx).await?;
    Ok(Json(Sante {
        etat: "bon",
        version: env!("CARGO_PKG_VERSION"),
        schema,
    })
    .into_response())
}
