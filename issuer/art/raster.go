package art

import (
	"image"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// rasterise draws d into w by h pixels. Every edge is covered by its exact
// area, so no supersampling is needed.
func rasterise(d *drawing, w, h int) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	sx, sy := float64(w)/d.w, float64(h)/d.h
	var z vector.Rasterizer
	var mask image.Alpha
	for _, o := range d.ops {
		if o.path == nil {
			continue
		}
		b := o.path.bounds()
		box := image.Rect(
			int(math.Floor(b.X0*sx)), int(math.Floor(b.Y0*sy)),
			int(math.Ceil(b.X1*sx)), int(math.Ceil(b.Y1*sy)),
		).Intersect(dst.Rect)
		if box.Empty() {
			continue
		}
		z.Reset(box.Dx(), box.Dy())
		trace(&z, o.path, sx, sy, float64(box.Min.X), float64(box.Min.Y))
		if need := box.Dx() * box.Dy(); cap(mask.Pix) < need {
			mask.Pix = make([]uint8, need)
		}
		mask.Pix = mask.Pix[:box.Dx()*box.Dy()]
		mask.Stride, mask.Rect = box.Dx(), image.Rect(0, 0, box.Dx(), box.Dy())
		z.DrawOp = draw.Src
		z.Draw(&mask, mask.Rect, image.Opaque, image.Point{})
		cover(dst, &mask, box, o.paint, sx, sy)
	}
	return dst
}

func trace(z *vector.Rasterizer, p *path, sx, sy, ox, oy float64) {
	at := func(q point) (float32, float32) {
		return float32(q.X*sx - ox), float32(q.Y*sy - oy)
	}
	p.each(func(v verb, _ point, pts []point) {
		switch v {
		case moveTo:
			z.MoveTo(at(pts[0]))
		case lineTo:
			z.LineTo(at(pts[0]))
		case quadTo:
			bx, by := at(pts[0])
			cx, cy := at(pts[1])
			z.QuadTo(bx, by, cx, cy)
		case cubeTo:
			bx, by := at(pts[0])
			cx, cy := at(pts[1])
			dx, dy := at(pts[2])
			z.CubeTo(bx, by, cx, cy, dx, dy)
		case closed:
			z.ClosePath()
		}
	})
}

// cover blends the paint over dst where the mask says so.
func cover(dst *image.RGBA, mask *image.Alpha, box image.Rectangle, with paint, sx, sy float64) {
	ramp := with.ramp()
	a := point{with.a.X * sx, with.a.Y * sy}
	b := point{with.b.X * sx, with.b.Y * sy}
	dx, dy := b.X-a.X, b.Y-a.Y
	length := dx*dx + dy*dy
	if length > 0 {
		dx, dy = dx/length*255, dy/length*255
	}
	for y := range box.Dy() {
		row := mask.Pix[y*mask.Stride : y*mask.Stride+box.Dx()]
		pix := dst.Pix[dst.PixOffset(box.Min.X, box.Min.Y+y):]
		t := (float64(box.Min.X)+0.5-a.X)*dx + (float64(box.Min.Y+y)+0.5-a.Y)*dy
		c := with.from
		for x, m := range row {
			if m == 0 {
				continue
			}
			if with.blend {
				i := int(t + float64(x)*dx + 0.5)
				c = ramp[max(0, min(255, i))]
			}
			p := pix[x*4 : x*4+4 : x*4+4]
			if m == 255 {
				p[0], p[1], p[2], p[3] = c.R, c.G, c.B, 255
				continue
			}
			k, n := uint32(m), uint32(255-m)
			p[0] = uint8((uint32(c.R)*k + uint32(p[0])*n + 127) / 255)
			p[1] = uint8((uint32(c.G)*k + uint32(p[1])*n + 127) / 255)
			p[2] = uint8((uint32(c.B)*k + uint32(p[2])*n + 127) / 255)
			p[3] = uint8((255*k + uint32(p[3])*n + 127) / 255)
		}
	}
}

func (p paint) ramp() []colour {
	if !p.blend {
		return nil
	}
	r := make([]colour, 256)
	for i := range r {
		r[i] = mix(p.from, p.to, float64(i)/255)
	}
	return r
}
