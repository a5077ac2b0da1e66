package mail

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Folder is a [Sender] for installations without a mail server: each message
// becomes a file that mail programs open. The files hold claim links, so only
// their owner can read them.
type Folder struct {
	Dir string // made with mode 0700 when it is not there
}

var _ Sender = (*Folder)(nil)

// Send writes m to [Folder.Path], whole or not at all. Sending a message again
// replaces its file.
func (f *Folder) Send(ctx context.Context, m *Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	body, err := m.Bytes()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return fmt.Errorf("outbox folder: %w", err)
	}
	if err := writeFile(f.Path(m), body); err != nil {
		return fmt.Errorf("outbox folder %s: %w", f.Dir, err)
	}
	return nil
}

// Path tells where m is written: its date and Message-ID, so that a listing is
// in order of time.
func (f *Folder) Path(m *Message) string {
	return filepath.Join(f.Dir, m.Date.UTC().Format("20060102T150405Z")+"-"+m.ID+".eml")
}

func writeFile(path string, body []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".mail-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when all went well
	_, err = tmp.Write(body)
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
