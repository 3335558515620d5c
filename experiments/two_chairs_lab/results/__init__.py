"""Results on disk: folders, manifests, parts, weekly paths."""
