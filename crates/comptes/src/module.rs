//! What this context gives the application.

use crate::{data::DATA, permissions::PERMISSIONS, reconnaissance};
use socle::{
    AppBuilder,
    errors::Erreur,
    module::{BoxFuture, Module},
};

/// People, as a module.
pub const MODULE: Module = Module {
    name: "comptes",
    permissions: PERMISSIONS,
    data: DATA,
    start,
    ..Module::EMPTY
};

fn start(builder: &mut AppBuilder) -> BoxFuture<'_, Result<(), Erreur>> {
    builder.authenticate = reconnaissance::reconnaitre;
    Box::pin(async { Ok(()) })
}
