package keys_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/accolade-badges/accolade/issuer/keys"
)

func TestDerivedSecretsAreTheSameAfterARestartAndApartByPurpose(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "master.key")
	m, err := keys.CreateMaster(path, "")
	if err != nil {
		t.Fatal(err)
	}
	again, err := keys.OpenMaster(path, "")
	if err != nil {
		t.Fatal(err)
	}
	other, _ := mustMaster(t)
	one := m.Derive("one purpose")
	if len(one) != 32 || !bytes.Equal(one, again.Derive("one purpose")) {
		t.Errorf("got %x, after opening the file again %x; want the same 32 bytes", one, again.Derive("one purpose"))
	}
	if bytes.Equal(one, m.Derive("another purpose")) || bytes.Equal(one, other.Derive("one purpose")) {
		t.Error("another purpose, or another master key, has the same secret")
	}
}
