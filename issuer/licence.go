package issuer

import (
	"crypto/sha256"
	"encoding/binary"
)

// licenceDigits are Crockford's: no letter among them is taken for a digit.
const licenceDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// LicenceNumber returns the short number of an award that forms ask for, such as
// "7F3K-9Q2M-X4TD": twelve digits and capital letters that are not mixed up with
// each other, read aloud or written down. It is derived from the award's id and
// stays the same for ever; the id cannot be derived from it.
func LicenceNumber(award string) string {
	sum := sha256.Sum256([]byte("licence number of award " + award))
	n := binary.BigEndian.Uint64(sum[:8])
	var out []byte
	for i := range 12 {
		if i > 0 && i%4 == 0 {
			out = append(out, '-')
		}
		out = append(out, licenceDigits[n>>59])
		n <<= 5
	}
	return string(out)
}
