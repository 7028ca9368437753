//! Who may do what with places.

socle::permissions! {
    /// Read places, search them, take the open data.
    ConsulterLieux: Public Partout;
    /// Report a mistake on a field of a place.
    SignalerErreur: Public Partout;
    /// Import a file of places, close a ticket.
    GererLieux: Operateur Partout;
    /// Run the search for duplicates, decide on a pair, undo a merge.
    DeciderDoublons: Operateur Partout, Administration Perimetre, Anct Perimetre, Prefecture Perimetre;
    /// Answer the mistakes reported on the places of one's perimeter, and correct these places.
    TraiterSignalements: Administration Perimetre, Anct Perimetre, Prefecture Perimetre, Gestionnaire Perimetre;
}
