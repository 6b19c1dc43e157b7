using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Faults;
using Sluice.Sandbox.Aws.Glue;
using Sluice.Sandbox.Aws.Identity;

namespace Sluice.Sandbox.Aws.Wire;

/// <summary>Everything a running sandbox holds.</summary>
internal sealed class SandboxRuntime : IDisposable
{
    private readonly ReaderWriterLockSlim gate = new();

    public SandboxRuntime(AwsSandboxOptions options, CancellationToken cancellationToken)
    {
        Options = options;
        Account = new(options);
        Credentials = new(options.AccountId, SandboxCast.For(options));
        Verifier = new(Credentials, options.Region, options.Clock);
        Tokens = new(options.Clock, options.PageTokenLifetime);
        Faults = new(options.Faults, options.Seed);
        if (options.PreRenderPages) Rendered = RenderedPages.Render(Account.Catalog, options.AccountId, cancellationToken);
    }

    public AwsSandboxOptions Options { get; }

    public Account Account { get; private set; }

    public CredentialStore Credentials { get; }

    public SignatureVerifier Verifier { get; }

    public PageTokens Tokens { get; }

    public FaultPlan Faults { get; }

    public RequestCounts Requests { get; } = new();

    public RenderedPages? Rendered { get; }

    /// <summary>Runs an operation: reads beside each other, a write alone.</summary>
    public void Run(bool writes, Action work)
    {
        if (writes) gate.EnterWriteLock();
        else gate.EnterReadLock();
        try
        {
            work();
        }
        finally
        {
            if (writes) gate.ExitWriteLock();
            else gate.ExitReadLock();
        }
    }

    public void Change(IEnumerable<CatalogChange> changes)
    {
        var list = changes.ToArray();
        Run(writes: true, () =>
        {
            foreach (var change in list) CatalogEditor.Apply(Account, change, Options.Clock.GetUtcNow());
        });
    }

    /// <summary>Back to the state the options describe; sessions end, keys stay.</summary>
    public void Reset()
    {
        Run(writes: true, () => Account = new(Options));
        foreach (var principal in SandboxCast.For(Options)) Credentials.Replace(principal);
        Credentials.ForgetSessions();
        Faults.Replace(Options.Faults);
        Requests.Clear();
    }

    public void Dispose()
    {
        Rendered?.Dispose();
        gate.Dispose();
    }
}
