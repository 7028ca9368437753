//! What this context gives the application.

use crate::{
    annuaire,
    data::DATA,
    pages::{groupements, organisations},
    permissions::PERMISSIONS,
    reconnaissance,
};
use socle::{
    AppBuilder,
    errors::Erreur,
    module::{BoxFuture, Module},
    routes::Routes,
};

/// People, as a module.
pub const MODULE: Module = Module {
    name: "comptes",
    routes,
    permissions: PERMISSIONS,
    data: DATA,
    start,
    ..Module::EMPTY
};

fn routes() -> Routes {
    organisations::routes().merge(groupements::routes())
}

fn start(builder: &mut AppBuilder) -> BoxFuture<'_, Result<(), Erreur>> {
    builder.authenticate = reconnaissance::reconnaitre;
    Box::pin(async { annuaire::demarrer(builder) })
}
