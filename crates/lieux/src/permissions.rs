//! Who may do what with places.

socle::permissions! {
    /// Read places, search them, take the open data.
    ConsulterLieux: Public Partout;
    /// Report a mistake on a field of a place.
    SignalerErreur: Public Partout;
    /// Import a file of places, close a ticket.
    GererLieux: Operateur Partout;
    /// Import a file of places of one's perimeter in the browser, follow it, and undo it.
    ImporterLieux: Administration Perimetre, Anct Perimetre, Prefecture Perimetre, Gestionnaire Perimetre, Hub Perimetre, GrandReseau Perimetre;
    /// Run the search for duplicates, decide on a pair, undo a merge.
    DeciderDoublons: Operateur Partout, Administration Perimetre, Anct Perimetre, Prefecture Perimetre;
    /// Answer the mistakes reported on the places of one's perimeter, and correct these places.
    TraiterSignalements: Administration Perimetre, Anct Perimetre, Prefecture Perimetre, Gestionnaire Perimetre;
    /// Ask that one's organisation answer for a place.
    RevendiquerLieu: Gestionnaire Perimetre;
    /// Follow the claims of one's perimeter.
    SuivreRevendications: Administration Perimetre, Prefecture Perimetre, Gestionnaire Perimetre;
    /// Grant or refuse a claim; never one's own.
    DeciderRevendication: Administration Perimetre, Prefecture Perimetre;
    /// Give up a claim, or a place that was granted.
    RetirerRevendication: Gestionnaire Perimetre;
    /// Keep the record of the places that one answers for, and undo the last change.
    GererSesLieux: Administration Perimetre, Gestionnaire Perimetre;
}
