using Sluice.Core.Payloads;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage;
using Sluice.Storage.Policies;

namespace Sluice.Engine.Policies;

/// <inheritdoc cref="IPolicyUseCases"/>
internal sealed class PolicyUseCases(IPolicyStore store, PolicyContextReader contexts) : IPolicyUseCases
{
    private const int ShownKeys = 5;

    public Task<IReadOnlyList<StoredPolicy>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance);
        return store.ListAsync(cancellationToken);
    }

    public async Task<StoredPolicy> ReadAsync(string key, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance);
        return await store.FindAsync(key, cancellationToken) ?? throw await NotFoundAsync(key, cancellationToken);
    }

    public async Task<PoliciesPut> PutAsync(
        PolicyText text, bool dryRun, bool prune, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance);
        var problems = new PolicyProblems();
        var policies = await ReadAsync(text, problems, cancellationToken);
        if (ifRevision is not null && policies.Count != 1) throw new RequestRefusedException(ErrorCode.InvalidRequest, "If-Match goes with a text of exactly one policy.");
        if (problems.HasErrors) throw Refusal(problems);

        var puts = policies.Select(p => PutOf(p, ifRevision)).ToList();
        var stored = await store.ListAsync(cancellationToken);
        var kept = puts.Select(static p => p.Key).ToHashSet(StringComparer.Ordinal);
        List<string> deleted = prune ? [.. stored.Where(p => !kept.Contains(p.Key)).Select(static p => p.Key)] : [];
        var outcomes = dryRun ? Expected(puts, stored) : await WriteAsync(puts, deleted, caller, cancellationToken);
        return new PoliciesPut(
            dryRun, [.. puts.Zip(outcomes, static (p, o) => new PutPolicy(p.Key, p.Name, p.Type, p.IsStaged, o))], deleted, [.. problems]);
    }

    public async Task DeleteAsync(string key, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance);
        try
        {
            if (!await store.DeleteAsync(key, ifRevision, caller.AsActor(), cancellationToken)) throw await NotFoundAsync(key, cancellationToken);
        }
        catch (StaleRevisionException)
        {
            throw Stale();
        }
    }

    private async Task<List<Policy>> ReadAsync(PolicyText text, PolicyProblems problems, CancellationToken cancellationToken)
    {
        var documents = text.Format == PolicyFormat.Json ? PolicyJson.Read(text.Utf8.Span, problems) : PolicyYaml.Read(text.Utf8.Span, problems);
        var read = PolicyReader.ReadAll(documents, problems);
        var policies = read.OfType<Policy>().ToList();
        if (documents.Count == 0 && !problems.HasErrors) problems.Add("$", null, "holds no policy");
        var context = await contexts.ReadAsync(policies, cancellationToken);
        foreach (var (policy, document) in read.Zip(documents))
            if (policy is not null) PolicyValidation.Check(policy, context, problems, document);
        return policies;
    }

    private async Task<IReadOnlyList<PolicyPutOutcome>> WriteAsync(List<PolicyPut> puts, List<string> deletes, Caller caller, CancellationToken cancellationToken)
    {
        try
        {
            return await store.WriteAsync(puts, deletes, caller.AsActor(), cancellationToken);
        }
        catch (StaleRevisionException)
        {
            throw Stale();
        }
    }

    private static List<PolicyPutOutcome> Expected(List<PolicyPut> puts, IReadOnlyList<StoredPolicy> stored)
    {
        var byKey = stored.ToDictionary(static p => p.Key, StringComparer.Ordinal);
        return puts.ConvertAll(put => byKey.TryGetValue(put.Key, out var known)
            ? known.DocumentJson == put.DocumentJson ? PolicyPutOutcome.Unchanged : PolicyPutOutcome.Updated
            : PolicyPutOutcome.Created);
    }

    /// <summary>A policy as it is put.</summary>
    internal static PolicyPut PutOf(Policy policy, IReadOnlyList<long>? ifRevision = null) => new(
        policy.Key, policy.Name, policy is DataPolicy ? "data" : "subscription", policy.IsStaged, PolicyJson.Write(PolicyWriter.Write(policy)), ifRevision);

    private static RequestRefusedException Refusal(PolicyProblems problems)
    {
        var listed = new ProblemList();
        foreach (var problem in problems.Where(static p => p.Severity == PolicySeverity.Error))
            listed.Add(problem.Path, problem.Line == 0 ? problem.Message : $"{problem.Message} (line {problem.Line}, column {problem.Column})");
        return new RequestRefusedException(listed);
    }

    private static RequestRefusedException Stale() => new(ErrorCode.RevisionChanged, "The policy has been changed since it was read. Read it again and repeat the request.");

    private async Task<RequestRefusedException> NotFoundAsync(string key, CancellationToken cancellationToken)
    {
        var known = (await store.ListAsync(cancellationToken)).Select(static p => p.Key).ToList();
        var near = NearestName.Of(key, known) is { } name ? $"; did you mean '{name}'?" : known.Count is > 0 and <= ShownKeys ? $"; there are {string.Join(", ", known)}" : "";
        return new RequestRefusedException(ErrorCode.NotFound, $"There is no policy '{key}'{near}.");
    }
}
