using Sluice.Core.Audit;
using Sluice.Storage.Audit;

namespace Sluice.Storage.Tests.Audit;

/// <summary>Keys that a test rotates and loses.</summary>
internal sealed class TestAuditKeys : IAuditKeys
{
    private readonly Dictionary<string, AuditKey> _all = new(StringComparer.Ordinal);
    private AuditKey _current;

    public TestAuditKeys() => _current = Rotate("first");

    public AuditKey Rotate(string id)
    {
        _current = AuditKey.Derive(id, System.Text.Encoding.UTF8.GetBytes($"the key called {id}"));
        _all[id] = _current;
        return _current;
    }

    public void Lose(string id) => _all.Remove(id);

    /// <summary>Whether no key is at hand: whatever wants to leave a row fails, after what it changed.</summary>
    public bool Fails { get; set; }

    public Task<AuditKey> CurrentAsync(CancellationToken cancellationToken) =>
        Fails ? Task.FromException<AuditKey>(new InvalidOperationException("The vault is locked.")) : Task.FromResult(_current);

    public Task<IReadOnlyDictionary<string, AuditKey>> AllAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyDictionary<string, AuditKey>>(_all);
}
