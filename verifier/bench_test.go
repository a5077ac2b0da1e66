package verifier

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// typical is the shared credential of that name, issued and signed by a key
// issuer and without a status list, so that only our own work is measured.
func typical(tb testing.TB, name string) []byte {
	tb.Helper()
	tree, err := strictjson.Parse(mustShared(tb, "bench/"+name+".json"))
	if err != nil {
		tb.Fatal(err)
	}
	w := &world{tb: tb}
	id, method := didKey(tb, "bench")
	v := tree.Without("proof", "credentialStatus", "refreshService")
	v = replace(tb, v, tree.Get("issuer").Get("id").Str(), id)
	signed := w.signedBy(v, edKey("bench"), method)
	return signed.Append(nil)
}

// BenchmarkVerify prints the cost of a whole verification from bytes, report
// included, and its share of the raw signature check in the same run: the limit
// that no verifier can pass.
func BenchmarkVerify(b *testing.B) {
	for _, name := range []string{"typical", "rich"} {
		data := typical(b, name)
		o := Options{Now: func() time.Time { return noon.AddDate(0, 1, 0) }, Offline: true, Cache: NewCache()}
		b.Run(name, func(b *testing.B) {
			ofRaw(b, func() {
				r, err := Verify(context.Background(), Input{Data: data}, o)
				if err != nil || r.Verdict != Valid {
					b.Fatal(err, r.Verdict, r.Summary)
				}
			})
		})
	}
}

// BenchmarkVerifyWeb is the badge of an issuer on the web with a status list, all
// documents at hand and what was made of them kept.
func BenchmarkVerifyWeb(b *testing.B) {
	w := newWorld(b)
	signed := w.signed(w.credential())
	o := w.options()
	o.Cache = NewCache()
	for name, data := range map[string][]byte{"DI": signed.Append(nil), "JWT": []byte(w.token(w.credential()))} {
		b.Run(name, func(b *testing.B) {
			ofRaw(b, func() {
				if r, err := Verify(context.Background(), Input{Data: data}, o); err != nil || r.Verdict != Valid {
					b.Fatal(err, r.Verdict)
				}
			})
		})
	}
}

// ofRaw runs f b.N times, and as many raw Ed25519 checks beside it, and prints
// the ratio of their processor times: on a busy machine those of the wall say
// little. The two take turns, so that what slows the machine slows both.
func ofRaw(b *testing.B, f func()) {
	b.Helper()
	key := edKey("raw")
	sum := sha256.Sum256([]byte("x"))
	message := append(sum[:], sum[:]...)
	signature, public := ed25519.Sign(key, message), key.Public().(ed25519.PublicKey)
	const turn = 100
	var raw, all time.Duration
	b.ReportAllocs()
	b.ResetTimer()
	for done := 0; done < b.N; done += turn {
		count := min(turn, b.N-done)
		start := processor(b)
		for range count {
			f()
		}
		all += processor(b) - start
		b.StopTimer()
		start = processor(b)
		for range count {
			ed25519.Verify(public, message, signature)
		}
		raw += processor(b) - start
		b.StartTimer()
	}
	b.ReportMetric(float64(raw)/float64(all), "of_raw")
}

// processor is the time that this process has used on all cores.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkTenThousand verifies 10,000 different badges with one worker and with
// all cores, and prints the gain and what memory grew by.
func BenchmarkTenThousand(b *testing.B) {
	const count = 10_000
	template := string(typical(b, "typical"))
	tree, err := strictjson.Parse([]byte(template))
	if err != nil {
		b.Fatal(err)
	}
	bare := tree.Without("proof")
	w := &world{tb: b}
	_, method := didKey(b, "bench")
	badges := make([][]byte, count)
	for i := range badges {
		v := bare.With("id", strictjson.NewString(fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012d", i)))
		v = w.signedBy(v, edKey("bench"), method)
		badges[i] = v.Append(nil)
	}
	o := Options{Now: func() time.Time { return noon.AddDate(0, 1, 0) }, Offline: true, Cache: NewCache()}
	run := func(workers int) time.Duration {
		var next atomic.Int64
		var group sync.WaitGroup
		start := time.Now()
		for range workers {
			group.Go(func() {
				for {
					i := int(next.Add(1)) - 1
					if i >= count {
						return
					}
					if r, err := Verify(context.Background(), Input{Data: badges[i]}, o); err != nil || r.Verdict != Valid {
						b.Error(err, r.Verdict)
						return
					}
				}
			})
		}
		group.Wait()
		return time.Since(start)
	}
	b.ResetTimer()
	for range b.N {
		one := run(1)
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		all := run(runtime.GOMAXPROCS(0))
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(one)/float64(all), "x_one_worker")
		b.ReportMetric(float64(count)/all.Seconds(), "badges/s")
		b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/(1<<20), "MiB_grown")
	}
}
