using Microsoft.Extensions.Options;
using Sluice.Core.Connections;
using Sluice.Core.Problems;
using Sluice.Engine.Errors;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage.Connections;
using Sluice.Storage.Vault;

namespace Sluice.Engine.Connections;

/// <summary>What a platform answered to a registration or update.</summary>
internal sealed record Probe(PlatformIdentity Identity, IReadOnlyList<Check> Checks, IReadOnlyList<SealedSecret> Secrets);

/// <summary>Logs in and runs the checks before anything is stored, within a time a person waits.</summary>
internal sealed class PlatformProbe(SessionOpener sessions, IOptions<EngineOptions> options)
{
    private static readonly TimeSpan ChecksTimeout = TimeSpan.FromMinutes(2);

    public async Task<Probe> RunAsync(
        Guid connectionId, string key, ConnectionSpec spec, ConnectionSettings settings, IReadOnlyList<SealedSecret> stored, CancellationToken cancellationToken)
    {
        try
        {
            var secrets = await sessions.SealAsync(connectionId, spec, stored, cancellationToken);
            await using var session = await sessions.OpenAsync(connectionId, key, spec, settings, secrets, cancellationToken);
            var identity = await Within(options.Value.RegistrationTimeout, session.IdentifyAsync, cancellationToken);
            var checks = await Within(ChecksTimeout, session.CheckAsync, cancellationToken);
            RefuseFailed(checks);
            return new Probe(identity, checks, secrets);
        }
        catch (PlatformException e)
        {
            throw RequestRefusedException.Of(e);
        }
        catch (SecretUnavailableException e)
        {
            throw new RequestRefusedException(ErrorCode.SecretUnavailable, e.Message, e);
        }
        catch (VaultException e)
        {
            // Ours to mend, not the caller's; the words name keys by id and hold no secret.
            throw new RequestRefusedException(ErrorCode.Unavailable, e.Message, e);
        }
    }

    private static async Task<T> Within<T>(TimeSpan limit, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            return await call(timeout.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PlatformException(
                PlatformFailure.Unreachable, $"The platform did not answer within {limit.TotalSeconds:0} seconds. Check the address and the network between.", e);
        }
    }

    private static void RefuseFailed(IReadOnlyList<Check> checks)
    {
        var problems = new ProblemList();
        foreach (var check in checks)
            if (check.Status == CheckStatus.Failed) problems.Add($"$.connection ({check.Name})", check.Message is null ? check.Result : $"{check.Result}. {check.Message}");
        if (problems.Any) throw new RequestRefusedException(problems, ErrorCode.PlatformRefused);
    }
}
