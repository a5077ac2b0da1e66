package art

import "testing"

func TestCardIsOfItsSizeAndLight(t *testing.T) {
	s := MustStudio(t)
	for _, name := range []string{"empty", "long", "endless word"} {
		text := hostile[name]
		c := Card{Badge: Badge{Title: text, Issuer: text, Level: text, State: Expired, StateText: text}, Earner: text, Headline: text, Line: text, URL: sampleURL}
		data, err := s.Card(c)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if b := MustDecode(t, data).Bounds(); b.Dx() != CardWidth || b.Dy() != CardHeight {
			t.Errorf("%s: card of %v", name, b)
		}
		if len(data) >= 1_000_000 {
			t.Errorf("%s: %d bytes", name, len(data))
		}
	}
}

// Previews cut up to a tenth off each side.
func TestCardKeepsItsWordsInTheMiddle(t *testing.T) {
	s := MustStudio(t)
	for name, text := range hostile {
		for _, lang := range []string{"en", "ar"} {
			c := Card{Badge: Badge{Title: text, Issuer: text, Language: lang}, Earner: text, Headline: text, Line: text, URL: sampleURL}
			err := s.use(func(ts *typesetter) error {
				d, err := composeCard(ts, c)
				if err != nil {
					return err
				}
				for i, o := range d.ops {
					if o.path == nil || i+1 == len(d.ops) || d.ops[i+1].said == nil {
						continue
					}
					b := o.path.bounds()
					if b.X0 < 120 || b.X1 > 1080 || b.Y0 < 63 || b.Y1 > 567 {
						t.Errorf("%s, %s: words at %+v", name, lang, b)
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestCardRefusesAnAddressThatIsNone(t *testing.T) {
	c := sampleCard()
	c.URL = "javascript:alert(1)"
	if _, err := MustStudio(t).Card(c); err == nil {
		t.Error("a QR code of a script was drawn")
	}
}
