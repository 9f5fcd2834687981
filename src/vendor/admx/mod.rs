//! Administrative templates (ADMX): what Outlook and Office take from the registry.
