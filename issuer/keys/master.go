package keys

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// The kinds of failure. Every error that wraps one says what to do about it.
var (
	ErrMissing    = errors.New("there is no master key file")
	ErrExists     = errors.New("there is a master key file already")
	ErrPassphrase = errors.New("the passphrase does not open the master key")
	ErrDamaged    = errors.New("the key is damaged")
	ErrForeign    = errors.New("the key was sealed under another master key")
)

// workFactor is log2 of scrypt's N for a locked master key: about 0.1 s and
// 32 MiB, once per start. Age's own default of 18 takes seconds.
const workFactor = 15

// maxMaster bounds a master key file before it is read.
const maxMaster = 16 << 10

// fileMode keeps a master key from everybody but its owner.
const fileMode fs.FileMode = 0o600

// Master encrypts signing keys at rest. It is safe for concurrent use, and
// prints as its public half only.
type Master struct {
	identity *age.X25519Identity
	locked   bool

	mu   sync.Mutex
	open map[string]*signer // by PKIX public key; guarded by mu
}

// Locked tells whether the file that m was read from needs a passphrase.
func (m *Master) Locked() bool { return m.locked }

// Recipient returns the public half in age's form, "age1…": enough to tell two
// master keys apart, and to encrypt something that only this one opens.
func (m *Master) Recipient() string { return m.identity.Recipient().String() }

// String names m by its public half.
func (m *Master) String() string { return "master key " + m.Recipient() }

// GoString is [Master.String]: no verb shows more.
func (m *Master) GoString() string { return m.String() }

// Format is [Master.String] for every verb.
func (m *Master) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, m.String()) } // fmt reports its own write errors

// MarshalJSON gives [Master.String] as a JSON string.
func (m *Master) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, "%q", m.String()), nil }

// CreateMaster makes a random master key and writes it to path with mode 0600,
// whole or not at all. A passphrase other than "" locks it. An existing file is
// never overwritten: [ErrExists].
func CreateMaster(path, passphrase string) (*Master, error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, fmt.Errorf("create master key: %w", err)
	}
	m := newMaster(identity, passphrase != "")
	body, err := m.encode(passphrase)
	defer clear(body)
	if err != nil {
		return nil, fmt.Errorf("create master key %s: %w", path, err)
	}
	if err := writeNew(path, body); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("create master key %s: %w; keep it, or move it away if nothing was ever signed under it", path, ErrExists)
		}
		return nil, fmt.Errorf("create master key %s: %w", path, err)
	}
	return m, nil
}

func newMaster(identity *age.X25519Identity, locked bool) *Master {
	return &Master{identity: identity, locked: locked, open: map[string]*signer{}}
}

func (m *Master) encode(passphrase string) ([]byte, error) {
	var plain bytes.Buffer
	fmt.Fprintf(&plain, "# Master key of an accolade installation. Whoever has it can sign as its issuers.\n")
	fmt.Fprintf(&plain, "# Keep a copy apart from the backups of the ledger; without it no key there opens.\n")
	fmt.Fprintf(&plain, "# public key: %s\n%s\n", m.Recipient(), m.identity.String())
	if passphrase == "" {
		return plain.Bytes(), nil
	}
	defer clear(plain.Bytes())
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, err
	}
	recipient.SetWorkFactor(workFactor)
	var out bytes.Buffer
	armoured := armor.NewWriter(&out)
	w, err := age.Encrypt(armoured, recipient)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain.Bytes()); err != nil {
		return nil, err
	}
	if err := errors.Join(w.Close(), armoured.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// writeNew writes a file that did not exist: complete and on disk, or not there.
// A hard link is the one way to name a finished file that fails when the name
// is taken.
func writeNew(path string, body []byte) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, ".master-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when it matters
	_, err = tmp.Write(body)
	if err := errors.Join(err, tmp.Chmod(fileMode), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// OpenMaster reads a master key file. The errors are [ErrMissing],
// [ErrPassphrase] (a wrong one, or none for a locked file) and [ErrDamaged]. A
// passphrase is not used when the file is not locked; see [Master.Locked].
func OpenMaster(path, passphrase string) (*Master, error) {
	body, err := readBounded(path)
	defer clear(body)
	if err != nil {
		return nil, fmt.Errorf("open master key %s: %w", path, err)
	}
	locked := bytes.HasPrefix(body, []byte(armor.Header))
	text := body
	if locked {
		text, err = unlock(body, passphrase)
		defer clear(text)
		if err != nil {
			return nil, fmt.Errorf("open master key %s: %w", path, err)
		}
	}
	identity, err := parseIdentity(text)
	if err != nil {
		return nil, fmt.Errorf("open master key %s: %w", path, err)
	}
	return newMaster(identity, locked), nil
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w; copy it here from where it was kept, name it with --key-file, or run accolade init for a new installation (%w)", ErrMissing, err)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%w; run as the user that owns the file", err)
	case err != nil:
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read from
	body, err := io.ReadAll(io.LimitReader(f, maxMaster+1))
	if err == nil && len(body) > maxMaster {
		err = fmt.Errorf("%w: longer than %d bytes; %s", ErrDamaged, maxMaster, restoreMaster)
	}
	return body, err
}

const restoreMaster = "put a copy of the original file in its place"

func unlock(body []byte, passphrase string) ([]byte, error) {
	if passphrase == "" {
		return nil, fmt.Errorf("%w: it is locked and none was given; set ACCOLADE_PASSPHRASE", ErrPassphrase)
	}
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, err
	}
	identity.SetMaxWorkFactor(workFactor + 3) // a file of age's own making opens too
	r, err := age.Decrypt(armor.NewReader(bytes.NewReader(body)), identity)
	var noMatch *age.NoIdentityMatchError
	switch {
	case errors.As(err, &noMatch):
		return nil, fmt.Errorf("%w; check ACCOLADE_PASSPHRASE", ErrPassphrase)
	case err != nil:
		return nil, fmt.Errorf("%w; %s", ErrDamaged, restoreMaster)
	}
	text, err := io.ReadAll(io.LimitReader(r, maxMaster))
	if err != nil {
		return nil, fmt.Errorf("%w; %s", ErrDamaged, restoreMaster)
	}
	return text, nil
}

// parseIdentity finds the one secret key line. Its errors never quote a line.
func parseIdentity(text []byte) (*age.X25519Identity, error) {
	var found *age.X25519Identity
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		identity, err := age.ParseX25519Identity(line)
		if err != nil || found != nil {
			return nil, fmt.Errorf("%w: not exactly one X25519 identity in it; %s", ErrDamaged, restoreMaster)
		}
		found = identity
	}
	if found == nil {
		return nil, fmt.Errorf("%w: no identity in it; %s", ErrDamaged, restoreMaster)
	}
	return found, nil
}

// Permissions warns when others than its owner may read or write a master key
// file: nil when all is well, otherwise an error that says what to type.
func Permissions(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("check permissions of master key: %w", err)
	}
	if mode := info.Mode().Perm(); mode&^fileMode != 0 {
		return fmt.Errorf("master key %s has mode %04o, so others on this machine may use it; run: chmod 600 %s", path, mode, path)
	}
	return nil
}
