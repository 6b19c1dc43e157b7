using System.Text.Json;
using Sluice.Core.Audit;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage.Audit;

namespace Sluice.Engine.Auditing;

/// <inheritdoc cref="IAuditUseCases"/>
internal sealed class AuditUseCases(IAuditStore store, AuditTrail trail, AuditStreams streams) : IAuditUseCases
{
    private const string Checkpoints = "checkpoints";

    public async Task<AuditPage> SearchAsync(AuditQuery query, string? stream, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Audit);
        if (stream is not null) query = query with { Stream = await streams.FindAsync(stream, cancellationToken) };
        return await store.SearchAsync(query with { Object = await streams.SpelledAsync(query.Object, cancellationToken) }, cancellationToken);
    }

    public IAsyncEnumerable<AuditRow> Export(Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Audit);
        return trail.ReadAsync(cancellationToken);
    }

    public Task<IReadOnlyList<AuditReport>> VerifyAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Audit);
        return trail.VerifyAsync(body.ValueKind == JsonValueKind.Undefined ? [] : ReadCheckpoints(body), cancellationToken);
    }

    private static List<AuditCheckpoint> ReadCheckpoints(JsonElement body)
    {
        var problems = new ProblemList();
        var members = new PayloadObject(body, "$", problems);
        var read = new List<AuditCheckpoint>();
        if (members.Raw(Checkpoints) is { } given)
        {
            if (given.ValueKind != JsonValueKind.Array) members.Reject(Checkpoints, "must be a list of checkpoints");
            else
            {
                foreach (var (index, each) in given.EnumerateArray().Index())
                {
                    if (AuditCheckpoint.Read(each) is { } checkpoint) read.Add(checkpoint);
                    else problems.Add($"$.{Checkpoints}[{index}]", "is no checkpoint as Sluice writes them");
                }
            }
        }

        members.RejectUnread();
        if (problems.Any) throw new RequestRefusedException(problems);
        return read;
    }
}
