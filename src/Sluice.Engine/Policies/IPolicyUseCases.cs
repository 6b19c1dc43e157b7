using Sluice.Core.Policies.Documents;
using Sluice.Engine.Callers;
using Sluice.Storage.Policies;

namespace Sluice.Engine.Policies;

/// <summary>How a policy text is written.</summary>
public enum PolicyFormat
{
    /// <summary>JSON: one document, or a list.</summary>
    Json,

    /// <summary>YAML: documents separated by <c>---</c>.</summary>
    Yaml,
}

/// <summary>A policy text as sent.</summary>
/// <param name="Utf8">The text.</param>
/// <param name="Format">How it is written.</param>
public sealed record PolicyText(ReadOnlyMemory<byte> Utf8, PolicyFormat Format);

/// <summary>What became, or would become, of a policy.</summary>
/// <param name="Key">Its <c>policyKey</c>.</param>
/// <param name="Name">For people.</param>
/// <param name="Type"><c>subscription</c> or <c>data</c>.</param>
/// <param name="IsStaged">Whether it takes part in simulations alone.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record PutPolicy(string Key, string Name, string Type, bool IsStaged, PolicyPutOutcome Outcome);

/// <summary>What became of a text of policies.</summary>
/// <param name="IsDryRun">Whether nothing was written.</param>
/// <param name="Policies">In the order of the text.</param>
/// <param name="Deleted">Policies that went because the text does not have them.</param>
/// <param name="Warnings">What was taken and probably does not do what was meant.</param>
public sealed record PoliciesPut(bool IsDryRun, IReadOnlyList<PutPolicy> Policies, IReadOnlyList<string> Deleted, IReadOnlyList<PolicyProblem> Warnings);

/// <summary>Policies as documents.</summary>
public interface IPolicyUseCases
{
    /// <summary>All, by key.</summary>
    Task<IReadOnlyList<StoredPolicy>> ListAsync(Caller caller, CancellationToken cancellationToken);

    /// <summary>One.</summary>
    Task<StoredPolicy> ReadAsync(string key, Caller caller, CancellationToken cancellationToken);

    /// <summary>Puts all policies of a text, or none; with <paramref name="prune"/> those that it does not have go.</summary>
    Task<PoliciesPut> PutAsync(PolicyText text, bool dryRun, bool prune, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken);

    /// <summary>Deletes one.</summary>
    Task DeleteAsync(string key, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken);
}
