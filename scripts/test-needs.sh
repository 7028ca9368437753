# Sourced by the scripts that run tests: installs what they drive, and says where the shared data are.

# Under CI the absence of the data is a failure, elsewhere the tests that read them say that they are skipped.
export MAILLAGE_DATA=${MAILLAGE_DATA:-$PWD/../shared/data}

needs() {
    scripts/ensure-test-deps || return
    scripts/node-modules e2e/oracle || return    # the reference for opening hours
    scripts/node-modules e2e/oidc || return      # a certified OpenID Connect provider
    scripts/node-modules xtask/donnees || return # the sources of the territory file
    MAILLAGE_PYTHON=$(scripts/python-modules) || return # the judges of exports and of the API
    export MAILLAGE_PYTHON
    scripts/assets
}
