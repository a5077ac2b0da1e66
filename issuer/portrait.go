package issuer

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	raster "image"
	_ "image/gif" // read, and kept as PNG
	_ "image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// MaxPortrait is how large a picture may be that an earner uploads, in bytes.
const MaxPortrait = 8 << 20

const (
	portraitSide   = 400        // of what is kept, in pixels
	portraitPixels = 40_000_000 // that a picture may have: a phone's camera, but not what takes a gigabyte
)

// SetPortrait keeps a picture on an account's profile page: PNG, JPEG, GIF or
// WebP. It is cut to a square around its middle, made small, and drawn anew, so
// that nothing of the file is left: not the place where it was taken, and no
// program. A nil picture removes the one that is there. Errors: [*EarnerError].
func (s *Service) SetPortrait(ctx context.Context, account string, body []byte) error {
	var small []byte
	if body != nil {
		var err error
		if small, err = portrait(body); err != nil {
			return err
		}
	}
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		if _, err := accountIn(ctx, tx, account); err != nil {
			return err
		}
		if err := tx.SetAccountPicture(ctx, account, small); err != nil {
			return err
		}
		return s.audit(ctx, tx, account, "profile.picture_changed", account, "")
	})
}

// portrait makes what is kept of a picture.
func portrait(body []byte) ([]byte, error) {
	fault := func(code string, most int) error { return &EarnerError{Field: "picture", Code: code, Most: most} }
	if len(body) > MaxPortrait {
		return nil, fault("large", MaxPortrait>>20)
	}
	config, kind, err := raster.DecodeConfig(bytes.NewReader(body))
	switch {
	case err != nil:
		return nil, fault("kind", 0)
	case config.Width < 1 || config.Height < 1 || config.Width*config.Height > portraitPixels || config.Width > portraitPixels || config.Height > portraitPixels:
		return nil, fault("pixels", portraitPixels/1_000_000)
	}
	whole, _, err := raster.Decode(bytes.NewReader(body))
	if err != nil {
		return nil, fault("damaged", 0)
	}
	b := whole.Bounds()
	side := min(b.Dx(), b.Dy())
	square := raster.Rect(0, 0, side, side).Add(b.Min).Add(raster.Pt((b.Dx()-side)/2, (b.Dy()-side)/2))
	to := raster.NewNRGBA(raster.Rect(0, 0, min(side, portraitSide), min(side, portraitSide)))
	draw.CatmullRom.Scale(to, to.Bounds(), whole, square, draw.Src, nil)
	if kind == "jpeg" {
		to = upright(to, orientation(body))
	}
	var out bytes.Buffer
	if err := png.Encode(&out, to); err != nil {
		return nil, fmt.Errorf("keep a picture: %w", err)
	}
	return out.Bytes(), nil
}

// orientation reads from a JPEG how the camera was held (Exif 2.3, tag 0x0112): 1
// to 8, or 1 where the file does not say.
func orientation(jpeg []byte) int {
	for at := 2; at+4 <= len(jpeg) && jpeg[at] == 0xff && jpeg[at+1] != 0xda; {
		size := int(binary.BigEndian.Uint16(jpeg[at+2:]))
		if size < 2 || at+2+size > len(jpeg) {
			break
		}
		segment := jpeg[at+4 : at+2+size]
		if jpeg[at+1] == 0xe1 && bytes.HasPrefix(segment, []byte("Exif\x00\x00")) {
			return tiffOrientation(segment[6:])
		}
		at += 2 + size
	}
	return 1
}

// tiffOrientation reads the orientation from the first directory of a TIFF.
func tiffOrientation(tiff []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	switch {
	case len(tiff) < 8:
		return 1
	case tiff[0] == 'I':
		order = binary.LittleEndian
	}
	first := order.Uint32(tiff[4:])
	if int64(first)+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[first:]
	count := int(order.Uint16(entries))
	for i := 0; i < count && 2+(i+1)*12 <= len(entries); i++ {
		entry := entries[2+i*12:]
		if order.Uint16(entry) != 0x0112 {
			continue
		}
		if n := int(order.Uint16(entry[8:])); n >= 1 && n <= 8 {
			return n
		}
		return 1
	}
	return 1
}

// upright turns a square picture as its orientation says.
func upright(from *raster.NRGBA, orientation int) *raster.NRGBA {
	if orientation == 1 {
		return from
	}
	last := from.Bounds().Dx() - 1
	to := raster.NewNRGBA(from.Bounds())
	for y := range last + 1 {
		for x := range last + 1 {
			u, v := x, y
			switch orientation {
			case 2:
				u = last - x
			case 3:
				u, v = last-x, last-y
			case 4:
				v = last - y
			case 5:
				u, v = y, x
			case 6:
				u, v = y, last-x
			case 7:
				u, v = last-y, last-x
			case 8:
				u, v = last-y, x
			}
			to.SetNRGBA(x, y, from.NRGBAAt(u, v))
		}
	}
	return to
}
