package keys_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/accolade-badges/accolade/issuer/keys"
)

func ExampleMaster_Open() {
	dir, err := os.MkdirTemp("", "keys")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	master, err := keys.CreateMaster(filepath.Join(dir, "master.key"), "")
	if err != nil {
		log.Fatal(err)
	}
	sealed, err := master.Generate(keys.Ed25519, rand.Reader) // what is stored
	if err != nil {
		log.Fatal(err)
	}
	signer, err := master.Open(sealed)
	if err != nil {
		log.Fatal(err)
	}
	signature, err := signer.Sign(rand.Reader, []byte("hello"), crypto.Hash(0))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(ed25519.Verify(signer.Public().(ed25519.PublicKey), []byte("hello"), signature))
	fmt.Println(signer)
	// Output:
	// true
	// Ed25519 signing key (not shown)
}
