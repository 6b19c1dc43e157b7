using System.Security.Cryptography;
using System.Text.Json;

namespace Sluice.Core.Audit;

/// <summary>Checks one stream, row by row in order: it keeps nothing of a row but its MAC.</summary>
/// <param name="stream">The stream.</param>
/// <param name="keys">The key of an id; null where it is not at hand.</param>
/// <param name="prunedTo">The checkpoint up to which rows were deleted for their age; null: none were.</param>
/// <param name="checkpoints">What is known of the stream from elsewhere.</param>
public sealed class AuditVerifier(
    AuditStream stream, Func<string, AuditKey?> keys, AuditCheckpoint? prunedTo = null, IReadOnlyList<AuditCheckpoint>? checkpoints = null)
{
    /// <summary>How many findings a report has at most; a run of rows with the same fault is one.</summary>
    public const int MostFindings = 100;

    private readonly List<AuditFinding> _findings = [];
    private readonly List<AuditCheckpoint> _checkpoints = [];
    private ILookup<long, AuditCheckpoint>? _bySequence;
    private byte[]? _previous = AuditChain.Start();
    private long _last;
    private long _rows;
    private long _recordedPruning;

    /// <summary>Checks a whole stream at once.</summary>
    public static AuditReport Verify(
        AuditStream stream, IEnumerable<AuditRow> rows, AuditHead? head, Func<string, AuditKey?> keys, AuditCheckpoint? prunedTo = null,
        IReadOnlyList<AuditCheckpoint>? checkpoints = null)
    {
        var verifier = new AuditVerifier(stream, keys, prunedTo, checkpoints);
        foreach (var row in rows) verifier.Take(row);
        return verifier.Finish(head);
    }

    /// <summary>Takes the next row.</summary>
    public void Take(AuditRow row)
    {
        var bySequence = Begin();
        var sequence = row.Event.Sequence;
        if (sequence > _last + 1)
        {
            Add(AuditFault.RowsMissing, _last + 1, sequence - 1);
            _previous = null;
        }

        var isProven = false;
        if (keys(row.KeyId) is not { } key) Add(AuditFault.KeyUnknown, sequence, sequence, row.KeyId);
        else if (sequence <= _last || row.Event.Stream != stream) Add(AuditFault.RowAltered, sequence, sequence);
        else if (_previous is { } previous)
        {
            isProven = CryptographicOperations.FixedTimeEquals(AuditChain.MacOf(key, previous, row.Event), row.Mac);
            if (!isProven) Add(AuditFault.RowAltered, sequence, sequence);
        }

        foreach (var checkpoint in bySequence[sequence])
            if (!checkpoint.Mac.AsSpan().SequenceEqual(row.Mac)) Add(AuditFault.CheckpointContradicted, sequence, sequence);
        if (isProven && row.Event.Action == AuditAction.Pruned) _recordedPruning = Math.Max(_recordedPruning, ThroughOf(row.Event.Details));
        _previous = row.Mac;
        _last = Math.Max(_last, sequence);
        _rows++;
    }

    /// <summary>Ends the check.</summary>
    /// <param name="head">Where the database says the stream ends; null: it knows no such stream.</param>
    public AuditReport Finish(AuditHead? head)
    {
        Begin();
        if (head is null ? _rows > 0 : head.Sequence != _last || (_previous is not null && !head.Mac.AsSpan().SequenceEqual(_previous)))
            Add(AuditFault.EndDiffers, _last, head?.Sequence ?? 0);
        if (prunedTo is not null && _recordedPruning < prunedTo.Sequence) Add(AuditFault.PrunedUnrecorded, 1, prunedTo.Sequence);
        if (_checkpoints.Where(c => c.Sequence > _last).MaxBy(static c => c.Sequence) is { } ahead)
            Add(AuditFault.CheckpointAhead, _last + 1, ahead.Sequence);
        return new AuditReport(stream, _rows, _last, [.. _findings]);
    }

    private ILookup<long, AuditCheckpoint> Begin()
    {
        if (_bySequence is not null) return _bySequence;
        foreach (var checkpoint in checkpoints ?? [])
            if (checkpoint.Stream == stream && IsGenuine(checkpoint)) _checkpoints.Add(checkpoint);
        if (prunedTo is not null)
        {
            _previous = IsGenuine(prunedTo) && prunedTo.Stream == stream ? prunedTo.Mac : null;
            _last = prunedTo.Sequence;
        }

        return _bySequence = _checkpoints.ToLookup(static c => c.Sequence);
    }

    private bool IsGenuine(AuditCheckpoint checkpoint)
    {
        if (AuditChain.IsGenuine(checkpoint, keys)) return true;
        var isKnown = keys(checkpoint.KeyId) is not null;
        Add(isKnown ? AuditFault.CheckpointForged : AuditFault.KeyUnknown, checkpoint.Sequence, checkpoint.Sequence, checkpoint.KeyId);
        return false;
    }

    private void Add(AuditFault fault, long from, long to, string? keyId = null)
    {
        // A run of rows with one fault is one finding.
        if (fault is AuditFault.RowAltered or AuditFault.KeyUnknown && _findings is [.., var last] && last.Fault == fault && last.To + 1 == from)
        {
            from = last.From;
            _findings.RemoveAt(_findings.Count - 1);
        }

        if (_findings.Count < MostFindings) _findings.Add(new AuditFinding(fault, from, to, MessageOf(fault, from, to, keyId)));
    }

    private static long ThroughOf(string details)
    {
        using var json = JsonDocument.Parse(details);
        return json.RootElement.TryGetProperty("through", out var through) && through.TryGetInt64(out var sequence) ? sequence : 0;
    }

    private static string MessageOf(AuditFault fault, long from, long to, string? keyId)
    {
        var rows = from == to ? $"Row {from}" : $"Rows {from} to {to}";
        return fault switch
        {
            AuditFault.RowAltered => $"{rows}: not what was written. Edited, put in, or computed anew without the key.",
            AuditFault.RowsMissing => $"{rows}: gone. The row after can't be checked without what is gone.",
            AuditFault.KeyUnknown => $"{rows}: made with key {keyId}, which is not at hand. Put it back among the vault's older keys and verify again.",
            AuditFault.EndDiffers => $"The last row is {from}, and the stream's own record says {to}, or another content of it: rows were cut off or put in.",
            AuditFault.CheckpointForged => $"The checkpoint at row {from} was altered, or was not signed by this server.",
            AuditFault.CheckpointAhead => $"A checkpoint has seen row {to}, and the stream ends with row {from - 1}: its tail was cut, or an older backup was put back.",
            AuditFault.CheckpointContradicted => $"At row {from} a checkpoint has seen another row: the stream was continued from an older state, or written anew.",
            AuditFault.PrunedUnrecorded => $"{rows}: gone, and no row says that they were deleted for their age.",
            _ => $"{rows}: {fault}.",
        };
    }
}
