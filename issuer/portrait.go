package issuer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	raster "image"
	_ "image/gif"  // what people upload
	_ "image/jpeg" // what people upload
	"image/png"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // what people upload

	"github.com/accolade-badges/accolade/issuer/ledger"
)

const (
	// MaxPortrait is how many bytes of a profile picture are taken.
	MaxPortrait = 5 << 20

	// maxPortraitPixels bounds what is unpacked: a small file can hold a picture
	// that fills the memory.
	maxPortraitPixels = 30_000_000

	// PortraitSide is the side of what is kept, in pixels.
	PortraitSide = 512
)

// SetPortrait makes data, a PNG, JPEG, GIF or WebP, the picture of an account. It
// is cut to a square, turned upright and written anew, so that nothing of the
// file that was sent is kept: no place where it was taken, and no code. Errors:
// [*InvalidError], [ErrNoAccount].
func (s *Service) SetPortrait(ctx context.Context, account string, data []byte) error {
	select {
	case s.portraits <- struct{}{}:
		defer func() { <-s.portraits }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	portrait, err := drawPortrait(data)
	if err != nil {
		return err
	}
	return s.storePortrait(ctx, account, portrait)
}

// RemovePortrait removes the picture of an account.
func (s *Service) RemovePortrait(ctx context.Context, account string) error {
	return s.storePortrait(ctx, account, nil)
}

func (s *Service) storePortrait(ctx context.Context, account string, portrait []byte) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		if _, err := accountIn(ctx, tx, account); err != nil {
			return err
		}
		return tx.SetAccountPicture(ctx, account, portrait)
	})
}

// Portrait returns the picture of an account, a square PNG. [ErrNoAccount] where
// it has none.
func (s *Service) Portrait(ctx context.Context, account string) ([]byte, error) {
	var portrait []byte
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		portrait, err = tx.AccountPicture(ctx, account)
		if errors.Is(err, ledger.ErrNotFound) {
			return ErrNoAccount
		}
		return err
	})
	return portrait, err
}

// drawPortrait reads a picture and draws the square in its middle.
func drawPortrait(data []byte) ([]byte, error) {
	if len(data) > MaxPortrait {
		return nil, invalid("picture", "is larger than 5 MB")
	}
	config, _, err := raster.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil || config.Width < 1 || config.Height < 1:
		return nil, invalid("picture", "is no PNG, JPEG, GIF or WebP")
	case config.Width > maxPortraitPixels/config.Height:
		return nil, invalid("picture", "has too many pixels; make it smaller, 1000 by 1000 is plenty")
	}
	from, _, err := raster.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, invalid("picture", "is damaged; save it anew and try again")
	}
	b := from.Bounds()
	side := min(b.Dx(), b.Dy())
	x, y := b.Min.X+(b.Dx()-side)/2, b.Min.Y+(b.Dy()-side)/2
	square := raster.NewRGBA(raster.Rect(0, 0, PortraitSide, PortraitSide))
	draw.CatmullRom.Scale(square, square.Bounds(), from, raster.Rect(x, y, x+side, y+side), draw.Src, nil)
	var out bytes.Buffer
	if err := png.Encode(&out, upright(square, orientation(data))); err != nil {
		return nil, fmt.Errorf("profile picture: %w", err)
	}
	return out.Bytes(), nil
}

// upright turns a square picture as the camera noted: 1 to 8 as in Exif 2.32,
// section 4.6.4, tag Orientation.
func upright(from *raster.RGBA, orientation int) *raster.RGBA {
	if orientation < 2 || orientation > 8 {
		return from
	}
	to := raster.NewRGBA(from.Bounds())
	last := from.Bounds().Dx() - 1
	for y := 0; y <= last; y++ {
		for x := 0; x <= last; x++ {
			u, v := x, y
			if orientation >= 5 {
				u, v = v, u
			}
			switch orientation {
			case 2, 6:
				if orientation == 2 {
					u = last - u
				} else {
					v = last - v
				}
			case 3, 7:
				u, v = last-u, last-v
			case 4, 8:
				if orientation == 4 {
					v = last - v
				} else {
					u = last - u
				}
			}
			to.SetRGBA(x, y, from.RGBAAt(u, v))
		}
	}
	return to
}
