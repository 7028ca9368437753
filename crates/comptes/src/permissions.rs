//! Who may do what with people, what they hold and how they sign in.

socle::permissions! {
    /// Sign in, by any means, and sign out.
    SeConnecter: Public Partout;
    /// See and change one's own account: names, contacts, sessions, role in use.
    GererSonCompte: Connecte Soi;
    /// Change how one signs in: addresses, passkeys, one-time codes, recovery codes.
    @sensible GererSesFacteurs: Connecte Soi;
    /// See and take away everything held on oneself.
    VoirSesDonnees: Connecte Soi;
    /// Have oneself erased.
    @sensible EffacerSonCompte: Connecte Soi;
    /// Accept an invitation.
    AccepterInvitation: Connecte Soi;
    /// See the people of one's perimeter and what they hold.
    VoirPersonnes: Administration Perimetre, Auditeur Perimetre, Anct Perimetre, DecideurAnct Perimetre, Prefet Perimetre,
        Prefecture Perimetre, Gestionnaire Perimetre, Referent Perimetre, GrandReseau Perimetre, Hub Perimetre;
    /// Invite someone to a function inside one's perimeter, send again, withdraw.
    InviterPersonne: Administration Perimetre, DecideurAnct Perimetre, Prefet Perimetre, Prefecture Perimetre, Gestionnaire Perimetre,
        Referent Perimetre, OrganismeFormation Perimetre, Hub Perimetre, GrandReseau Perimetre, Commanditaire Perimetre;
    /// Grant a function to a known person.
    @sensible AccorderFonction: Administration Perimetre, DecideurAnct Perimetre, Prefet Perimetre;
    /// End a function that someone holds.
    @sensible RetirerFonction: Administration Perimetre, DecideurAnct Perimetre, Prefet Perimetre, Prefecture Perimetre,
        Gestionnaire Perimetre, Referent Perimetre;
    /// Record a delegation of signature or a replacement, and end it.
    @sensible DeleguerFonction: Administration Perimetre, Prefet Perimetre, DecideurAnct Perimetre;
    /// Open a file for someone who does not use the site.
    OuvrirFiche: Administration Perimetre, Prefecture Perimetre, Gestionnaire Perimetre, AgentFranceServices Perimetre;
    /// Keep the file of someone who no longer comes, since an agent still follows them.
    GarderFiche: Administration Perimetre, Prefecture Perimetre, Gestionnaire Perimetre;
    /// Warn those who no longer come, then anonymise them.
    AppliquerConservation: Operateur Partout;
    /// Correct someone's names.
    CorrigerPersonne: Administration Perimetre;
    /// Join two files of one person, undo it, or say that they are two people.
    @sensible ReunirPersonnes: Administration Perimetre;
    /// Act in someone's place, for a stated reason.
    @sensible PrendreLaPlace: Administration Perimetre;
    /// Remove the second factors of someone who lost them, for a stated reason.
    @sensible LibererFacteurs: Administration Perimetre, Operateur Partout;
    /// Stop acting in someone's place.
    RendreLaPlace: Connecte Soi;
    /// See where the separation of duties is or was lifted, and why.
    VoirSeparation: Administration Partout, Auditeur Partout, DecideurAnct Partout;
    /// Lift the separation of duties over a perimeter for a stated reason, and put it back.
    @sensible LeverSeparation: Administration Perimetre;
    /// Sign in as anyone, in the demonstration only.
    EntrerEnDemonstration: Public Partout;
    /// Create the first administrator from the command line.
    CreerAdministrateur: Operateur Partout;
    /// Read the organisations of one's perimeter, their establishments and their history.
    VoirOrganisations: Administration Perimetre, Anct Perimetre, DecideurAnct Perimetre, Payeur Perimetre, Auditeur Perimetre,
        Prefecture Perimetre, Prefet Perimetre, Coordinateur Perimetre, Hub Perimetre, GrandReseau Perimetre, Gestionnaire Perimetre;
    /// Register an organisation.
    CreerOrganisation: Administration Perimetre, Anct Perimetre, Prefecture Perimetre;
    /// Change an organisation's name, form and establishments.
    ModifierOrganisation: Administration Perimetre, Anct Perimetre, Prefecture Perimetre, Gestionnaire Perimetre;
    /// Make one of two files of an organisation, and undo it.
    FusionnerOrganisations: Administration Perimetre, Anct Perimetre, Prefecture Perimetre;
    /// See the groups of territories, organisations and people, and their members through time.
    VoirGroupements: Administration Perimetre, Anct Perimetre, Auditeur Perimetre;
    /// Make groups of territories, organisations or people, and change their members: what a function over a group reaches.
    @sensible GererGroupements: Administration Perimetre, Anct Perimetre;
}
