// Package catalogue reads the catalogue/1 form of a certification programme and
// decides from it who has attained what.
//
// [Parse] turns the JSON of a programme into a [Catalogue] or tells every fault
// of the file at once; [Catalogue.Decide] is the call most readers need: given
// a candidate's passes and what the candidate holds, it says which
// certifications are attained, when, until when, and why not yet.
// [Catalogue.AchievementUnder] gives the words that a badge says, and [Diff] what
// changed between two loads.
//
// Everything here is data and pure functions: no files, no network, no clock.
// The moment "now" is an argument; a [Catalogue] never changes after Parse and
// may be used by any number of goroutines.
//
// The package refuses to guess. A requirement that is null or practical is
// loaded and never met by rule; a date that is none, an unknown code or a cycle
// refuses the file.
//
// # The rules of time
//
// All dates are read in UTC, a date without an hour is its midnight, and months
// are calendar months clamped to the last day of the month.
//
// A row of requirementsHistory counts from its seenFrom on. It stops counting
// twelve months after the next row's seenFrom; where an exam's retiredOn is
// known, that exam counts in every row until twelve months after that day
// instead. A row is tested at the deciding moment: the later of the last pass
// and the moment at which a required certification became active. No row counts
// after its certification retired, or from the day on which the line went on
// under a new page (succeededBy).
package catalogue
