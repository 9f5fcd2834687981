//! The table of finding codes: every code once, with its name and one line that says what it means.
//!
//! Names never change meaning; a retired name is not used again. Findings of named checks carry the check's own name
//! (`check::shared-unlocked`) and stand in the catalogue, not here.

macro_rules! codes {
    ($($variant:ident $name:literal $means:literal)*) => {
        /// What kind of thing is wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $means] $variant,)*
        }

        impl Code {
            /// All codes, in the order of the way of the data.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name that is printed, e.g. `plan::unknown-key`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// One line that says what the code means.
            pub fn means(self) -> &'static str {
                match self { $(Self::$variant => $means,)* }
            }
        }
    };
}

codes! {
    SourceTooLarge "source::too-large" "The file is larger than 1 MiB."
    SourceNotUtf8 "source::not-utf8" "The file is not UTF-8 text."
    SourceCharacter "source::character" "The text holds a character that cannot be seen or that changes the order of reading."
    SourceNotNormalised "source::not-normalised" "The text is not in Unicode normalisation form C, so that two spellings would look the same."
    SourceSyntax "source::syntax" "The text is not valid YAML."
    SourceDocument "source::document" "The file is empty or holds more than one document."
    SourceAlias "source::alias" "The file uses an anchor, an alias, a tag or a directive."
    SourceDuplicateKey "source::duplicate-key" "A key stands twice in one map."
    SourceKey "source::key" "A key is not a plain word."
    SourceTooDeep "source::too-deep" "The file nests deeper or holds more entries than any plan needs."
    PlanUnknownKey "plan::unknown-key" "The plan has a key that is no decision."
    PlanUnknownAnswer "plan::unknown-answer" "The answer is not one of the decision's words."
    PlanWrongType "plan::wrong-type" "The answer has another type than the decision asks for."
    PlanMissing "plan::missing" "A required answer is missing."
    PlanValue "plan::value" "The answer has the right type and is not what it must be: a host, a date, a number in its range."
    PlanRepeated "plan::repeated" "A list names the same thing twice."
    PlanName "plan::name" "The name of a role, an information or a site has other characters than a-z, 0-9 and hyphens."
    PlanRole "plan::role" "A role answers a question that only the whole organisation can answer."
    PlanUnknownRole "plan::unknown-role" "The plan names a role that it does not have."
    PlanUnknownCheck "plan::unknown-check" "An acceptance names a check that does not exist."
    PlanUnknownDecision "plan::unknown-decision" "A reason names a decision that does not exist."
    PlanSecret "plan::secret" "The plan holds what looks like a secret; artifacts are read by everyone."
    PlanLimit "plan::limit" "The plan has more roles than groundplan takes."
    PlanVersion "plan::version" "The plan writes for a version of a client that no vendor schema describes."
    PlanSpelling "plan::spelling" "How the device management of the plan spells a value of a person is not known, or not confirmed."
    PlanCertificate "plan::certificate" "A certificate file of the plan cannot be given to clients: it is missing, is none, has expired, or is of another kind."
    PlanAcceptanceExpired "plan::acceptance-expired" "An acceptance is past its end date, so its check counts again."
    PlanAcceptanceIdle "plan::acceptance-idle" "An acceptance names a check that this plan does not raise."
    Check "check" "A named contradiction between decisions; the check's own name follows."
    CatalogueFile "catalogue::file" "A file of an own folder is not one that the policy content has."
    CatalogueForm "catalogue::form" "A file of the policy content does not have the form it must have."
    CatalogueDuplicate "catalogue::duplicate" "Two files of the policy content claim one name or number."
    CatalogueReference "catalogue::reference" "The policy content names a decision, answer, client or check that does not exist."
    CatalogueRequirement "catalogue::requirement" "The policy content cites a requirement that no list of requirements has."
    CatalogueSetting "catalogue::setting" "A setting of the policy content is not what its vendor's schema takes."
    CatalogueExample "catalogue::example" "An example of an own decision or check is not true."
    VendorFile "vendor::file" "A file of a vendor is not what its format says, or says what its reader does not know."
    VendorMissing "vendor::missing" "An admin's store lacks a template, its texts or a policy that the baseline sets."
    VendorChanged "vendor::changed" "A policy that the baseline sets means something else in an admin's store."
    VendorVersion "vendor::version" "A template of an admin's store is another version than the one that the baseline was made with."
    BaselineConflict "baseline::conflict" "Two decisions set one setting to different values."
    BaselineDeprecated "baseline::deprecated" "A client's vendor wants something else used in the version that is written for; the setting still counts."
    BaselineSetting "baseline::setting" "A value of the plan does not fit the setting that carries it."
}
