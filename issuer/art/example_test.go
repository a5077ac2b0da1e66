package art_test

import (
	"bytes"
	"fmt"
	"image/png"
	"log"

	"github.com/accolade-badges/accolade/issuer/art"
)

func ExampleStudio_PNG() {
	studio, err := art.New(art.Config{})
	if err != nil {
		log.Fatal(err)
	}
	// 240 pixels, shown at 120 in an e-mail signature.
	picture, err := studio.PNG(art.Badge{
		Title: "Cloud Administrator Associate", Level: "Associate",
		Issuer: "Example Programme", Kind: art.Associate, Colour: "#0f5ea8",
	}, 240)
	if err != nil {
		log.Fatal(err)
	}
	c, err := png.DecodeConfig(bytes.NewReader(picture))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Width, c.Height, len(picture) < 30_000)
	// Output: 240 240 true
}
