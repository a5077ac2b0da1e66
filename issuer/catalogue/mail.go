package catalogue

// Mail holds a programme's own texts for its mails, by language tag. A kind of
// mail without a text is written in the house's words; a programme without a
// note sends none.
type Mail struct {
	Note     map[string]MailText // goes out before the badge mail
	Badge    map[string]MailText // the mail with the claim link
	Reminder map[string]MailText // likewise, for a badge that nobody has claimed
}

// MailText is the text of one mail in one language. What its fields in braces
// mean, and which of them a mail must have, is for the mails' own lint.
type MailText struct {
	Subject string
	Text    []string // paragraphs
}

// parseMail reads the member "mail": {"note": {"en": {"subject": …, "text": [paragraph, …]}}}.
func parseMail(root object) Mail {
	o, ok := root.object("mail")
	if !ok {
		return Mail{}
	}
	o.known("note", "badge", "reminder")
	return Mail{Note: parseMailTexts(o, "note"), Badge: parseMailTexts(o, "badge"), Reminder: parseMailTexts(o, "reminder")}
}

func parseMailTexts(o object, kind string) map[string]MailText {
	languages, ok := o.object(kind)
	if !ok {
		return nil
	}
	texts := map[string]MailText{}
	for _, tag := range languages.names {
		t, ok := languages.object(tag)
		if !ok {
			continue
		}
		t.known("subject", "text")
		texts[tag] = MailText{Subject: t.required("subject"), Text: t.texts("text")}
	}
	return texts
}
