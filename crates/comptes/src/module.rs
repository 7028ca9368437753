//! What this context gives the application.

use crate::{annuaire, data::DATA, pages, permissions::PERMISSIONS, reconnaissance};
use socle::{
    AppBuilder,
    errors::Erreur,
    module::{BoxFuture, Module},
};
use std::sync::Arc;

/// People, as a module.
pub const MODULE: Module = Module {
    name: "comptes",
    routes: pages::routes,
    permissions: PERMISSIONS,
    data: DATA,
    start,
    ..Module::EMPTY
};

fn start(builder: &mut AppBuilder) -> BoxFuture<'_, Result<(), Erreur>> {
    builder.authenticate = reconnaissance::reconnaitre;
    builder.challenger = pages::defi::demander;
    builder.insert(Arc::new(pages::entete::ENTETE));
    Box::pin(async { annuaire::demarrer(builder) })
}
