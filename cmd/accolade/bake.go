package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/accolade-badges/accolade/openbadges/bake"
)

// bakeCommand puts a credential into a picture.
type bakeCommand struct {
	Picture    string `arg:"" help:"PNG or SVG."`
	Credential string `arg:"" help:"Credential as JSON or compact JWS; - for standard input."`
	Output     string `help:"File; - for standard output. Default: beside the picture, with .baked before its ending." short:"o" placeholder:"FILE"`
	OB2        bool   `help:"Bake as Open Badges 2.0 instead of 3.0." name:"ob2"`
}

// Run bakes. A credential of the same generation in the picture is replaced.
func (c *bakeCommand) Run(a *app) error {
	picture, err := a.readFile(c.Picture)
	if err != nil {
		return err
	}
	credential, err := a.readFile(c.Credential)
	if err != nil {
		return err
	}
	credential = bytes.TrimSpace(credential)
	var baked []byte
	switch bake.Format(picture) {
	case "png":
		keyword := bake.KeywordOB3
		if c.OB2 {
			keyword = bake.KeywordOB2
		}
		baked, err = bake.PNG(nil, picture, bake.Chunk{Keyword: keyword, Text: credential})
	case "svg":
		baked, err = bake.SVG(picture, c.element(credential))
	default:
		return fmt.Errorf("%s is neither a PNG nor an SVG; convert it first", c.Picture)
	}
	if err != nil {
		return fmt.Errorf("bake %s: %w", c.Picture, err)
	}
	ending := filepath.Ext(c.Picture)
	return a.writeFile(c.Output, strings.TrimSuffix(c.Picture, ending)+".baked"+ending, baked)
}

func (c *bakeCommand) element(credential []byte) bake.Element {
	e := bake.Element{Generation: bake.OB3}
	if c.OB2 {
		e.Generation = bake.OB2
	}
	if len(credential) > 0 && credential[0] == '{' {
		e.JSON = credential
	} else {
		e.Verify = string(credential)
	}
	return e
}

// unbakeCommand takes a credential out of a picture.
type unbakeCommand struct {
	Picture string `arg:"" help:"PNG or SVG; - for standard input."`
	Output  string `help:"File; - for standard output." short:"o" default:"-" placeholder:"FILE"`
	OB2     bool   `help:"Take the Open Badges 2.0 one where there are both." name:"ob2"`
}

// Run writes the first credential of the wanted generation, as it was baked.
func (c *unbakeCommand) Run(a *app) error {
	picture, err := a.readFile(c.Picture)
	if err != nil {
		return err
	}
	var found []bake.Found
	switch bake.Format(picture) {
	case "png":
		found, err = bake.ExtractPNG(picture, bake.Limits{})
	case "svg":
		found, err = bake.ExtractSVG(picture, bake.Limits{})
	default:
		return fmt.Errorf("%s is neither a PNG nor an SVG", c.Picture)
	}
	if err != nil {
		return fmt.Errorf("unbake %s: %w", c.Picture, err)
	}
	for _, f := range found {
		if !c.OB2 || f.Generation == bake.OB2 {
			return a.writeFile(c.Output, "", f.Payload())
		}
	}
	return fmt.Errorf("%s holds no badge; picture services often take it out, so get the file from the badge's own page", c.Picture)
}
