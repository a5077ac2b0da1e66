package verifier

// The codes of checks. They are stable; new ones are added, none changes its
// meaning. A check may also give a code of package proof (why a signature is bad:
// bad_signature, wrong_purpose, unsupported_algorithm, …; CLAIM_missing,
// CLAIM_mismatch, CLAIM_malformed), of package fetch (why an address could not
// be read), or, for check status, the verdict that it leads to.
const (
	// Any check.
	CodeNotApplicable = "not_applicable"
	CodeNone          = "none"
	CodeNotAsked      = "not_asked"
	CodeNoBadge       = "no_badge" // nothing was read that could be checked
	CodeBudget        = "budget_exceeded"

	// intake
	CodeRead             = "read"
	CodeTooLarge         = "too_large"
	CodeAddressNotWeb    = "address_not_web"
	CodeAddressStatus    = "address_status"
	CodeAddressLoop      = "address_loop"
	CodePageWithoutBadge = "page_without_badge"
	CodePictureBad       = "picture_damaged"
	CodePictureEmpty     = "picture_without_badge"
	CodePictureAmbiguous = "picture_ambiguous"
	CodePDFEmpty         = "pdf_without_badge"
	CodeJSONBad          = "json_malformed"
	CodeTokenBad         = "token_malformed"
	CodeEnvelopeBad      = "envelope_malformed"
	CodeNotABadge        = "not_a_badge"

	// structure
	CodeWellFormed         = "well_formed"
	CodeMalformed          = "malformed"
	CodeIncomplete         = "incomplete"
	CodeClassUnreachable   = "badge_class_unreachable"
	CodeProfileUnreachable = "profile_unreachable"

	// proof
	CodeProofHolds     = "signature_holds"
	CodeProofBad       = "bad_signature"
	CodeUnsigned       = "unsigned"
	CodeHosted         = "hosted"
	CodeSuiteUnknown   = "unknown_suite"
	CodeKeyMissing     = "key_missing"
	CodeContextUnknown = "unknown_context"
	CodeContextOwn     = "own_context"

	// issuer: why the key is the issuer's …
	CodeKeyListed      = "key_listed"
	CodeKeyIsIssuer    = "key_is_issuer"
	CodeKeyInSet       = "key_in_set"
	CodeKeyOnHost      = "key_on_host"
	CodeIssuerHosts    = "issuer_hosts"
	CodeHolderIsIssuer = "holder_is_issuer"
	// … is not …
	CodeKeyOfAnother    = "key_of_another"
	CodeKeyNotForThis   = "key_not_for_this"
	CodeMethodMalformed = "verification_method_malformed"
	CodeIssuerMalformed = "issuer_malformed"
	CodeIssuerMissing   = "issuer_missing"
	// … or cannot be told.
	CodeKeyNotListed        = "key_not_listed"
	CodeKeyUnnamed          = "key_unnamed"
	CodeKeyUnreachable      = "key_unreachable"
	CodeKeyMalformed        = "key_malformed"
	CodeKeyNoOwner          = "key_without_owner"
	CodeIssuerUnreachable   = "issuer_unreachable"
	CodeIssuerDocumentBad   = "issuer_document_malformed"
	CodeIssuerDocumentOther = "issuer_document_of_another"
	CodeIssuerNoAddress     = "issuer_without_address"
	CodeMethodUnsupported   = "did_method_unsupported"
	CodeIssuerUnsigned      = "issuer_unsigned"

	// hosted
	CodeHostedFound       = "hosted_copy_found"
	CodeHostedGone        = "hosted_copy_gone"
	CodeHostedElsewhere   = "hosted_copy_elsewhere"
	CodeHostedUnreachable = "hosted_copy_unreachable"
	CodeHostedDiffers     = "hosted_copy_differs"
	CodeHostedNoIssuer    = "hosted_issuer_unreachable"
	CodeHostedOutOfScope  = "hosted_out_of_scope"
	CodeNotHosted         = "not_hosted"
	CodeNotAnAward        = "not_an_award"

	// refresh and supersession
	CodeRefreshed           = "refreshed"
	CodeRefreshCurrent      = "current"
	CodeRefreshOlder        = "refresh_older"
	CodeRefreshUnusable     = "refresh_unusable"
	CodeRefreshUnreachable  = "refresh_unreachable"
	CodeRefreshUnknown      = "refresh_unknown"
	CodeRefreshUnsigned     = "refresh_unsigned"
	CodeSuperseded          = "superseded"
	CodeNewest              = "newest"
	CodeSupersededUnseen    = "superseded_unseen" // our own, whose newest edition may not be shown
	CodeSupersessionUnknown = "supersession_unknown"

	// dates
	CodeInForce       = "in_force"
	CodeExpired       = "expired"
	CodeNotYetValid   = "not_yet_valid"
	CodeDateMalformed = "date_malformed"
	CodeDatesReversed = "dates_reversed"

	// status; a badge held back has the verdict as its code
	CodeStatusGood        = "not_revoked"
	CodeStatusNone        = "no_status"
	CodeStatusUnreachable = "status_unreachable"
	CodeStatusMalformed   = "status_malformed"
	CodeStatusRange       = "status_index_out_of_range"
	CodeStatusUntrusted   = "status_untrusted"
	CodeStatusOther       = "status_of_another"
	CodeStatusUnknown     = "status_unknown"
	CodeGone              = "gone"

	// recipient
	CodeRecipientMatches = "recipient_matches"
	CodeRecipientOther   = "recipient_other"
	CodeRecipientUnnamed = "recipient_unnamed"
	CodeRecipientGuessed = "recipient_guessed" // too many people were named of late

	// endorsements and contents; at intake, an empty file
	CodeEndorsementsHold    = "endorsements_hold"
	CodeEndorsementsBad     = "endorsements_bad"
	CodeEndorsementsUnknown = "endorsements_unknown"
	CodeEndorsementsOther   = "endorsements_of_another"
	CodeEndorsementNamed    = "endorsement_by_address" // at intake: only its address is there, and links are not followed
	CodeContentsHold        = "contents_hold"
	CodeContentsBad         = "contents_bad"
	CodeContentsUnknown     = "contents_unknown"
	CodeEmpty               = "empty"

	// trust
	CodeTrustUnknown   = "trust_unknown"
	CodeTrustListed    = "trust_listed"
	CodeTrustRegistry  = "trust_registry"
	CodeTrustNotListed = "trust_not_listed"
	CodeTrustUnbound   = "trust_issuer_not_confirmed"
)
