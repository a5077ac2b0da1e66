package catalogue_test

import (
	"fmt"
	"time"

	"github.com/accolade-badges/accolade/issuer/catalogue"
)

func ExampleCatalogue_Decide() {
	c, findings := catalogue.Parse([]byte(`{
		"format": "catalogue/1",
		"programme": {"id": "sample", "name": "Sample Programme"},
		"exams": [{"code": "S-1", "title": "Design"}, {"code": "S-2", "title": "Delivery"}],
		"certifications": [{
			"id": "architect", "title": "Sample Architect",
			"requires": {"all": [{"exam": "S-1"}, {"exam": "S-2"}]},
			"validity": {"months": 24}
		}]
	}`))
	if c == nil {
		fmt.Println(findings)
		return
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	first := catalogue.Pass{ResultID: "17", Exam: "S-2", At: time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC)}
	second := catalogue.Pass{ResultID: "18", Exam: "S-1", At: time.Date(2025, 5, 4, 0, 0, 0, 0, time.UTC)}
	for _, passes := range [][]catalogue.Pass{{first}, {second, first}} {
		for _, d := range c.Decide(passes, nil, nil, now) {
			fmt.Println(d.Certification, d.Attained)
			for _, reason := range d.Reasons {
				fmt.Println(" ", reason)
			}
		}
	}
	// Output:
	// architect false
	//   needs exam S-1 (Design): no pass recorded
	// architect true
	//   exam S-2 passed on 2025-04-01, exam S-1 passed on 2025-05-04: the requirement is met
	//   expires on 2027-05-04: valid for 24 months (its months)
}
