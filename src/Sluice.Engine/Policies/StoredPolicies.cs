using System.Text;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;
using Sluice.Core.Tags;
using Sluice.Engine.Tags;
using Sluice.Storage.Policies;

namespace Sluice.Engine.Policies;

/// <summary>The stored policies as values.</summary>
internal sealed class StoredPolicies(IPolicyStore store) : IPolicyTags
{
    /// <summary>All of them, staged ones included.</summary>
    /// <exception cref="InvalidOperationException">One can't be read any more: nothing is decided without it.</exception>
    public async Task<IReadOnlyList<Policy>> ReadAsync(CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(cancellationToken)).Select(Read)];

    public async Task<IReadOnlyList<string>> UsingAsync(string tag, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(cancellationToken)).Where(p => PolicyTags.Of(p).Any(named => TagName.IsAtOrBelow(tag, named))).Select(static p => p.Key)];

    public async Task<IReadOnlyList<string>> NamingAsync(string tag, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(cancellationToken)).Where(p => PolicyTags.Of(p).Any(named => TagName.IsAtOrBelow(named, tag))).Select(static p => p.Key)];

    private static Policy Read(StoredPolicy stored)
    {
        var problems = new PolicyProblems();
        var documents = PolicyJson.Read(Encoding.UTF8.GetBytes(stored.DocumentJson), problems);
        return documents.Count == 1 && PolicyReader.Read(documents[0].Root, problems) is { } policy
            ? policy
            : throw new InvalidOperationException($"The stored policy '{stored.Key}' can't be read: {string.Join("; ", problems)}");
    }
}
