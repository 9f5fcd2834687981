// Leads the program to the file with what differs from person to person. That file must be there, or the program does not start.
pref("general.config.filename", "groundplan.cfg", locked);
pref("general.config.obscure_value", 0, locked);
