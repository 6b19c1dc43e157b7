namespace Sluice.Core.Access;

/// <summary>Policies whose circumstances hold together somewhere, and what of an object they depend on.</summary>
internal sealed class PolicySet
{
    public PolicySet(int number, IReadOnlyList<PreparedPolicy> policies, IReadOnlySet<string> doubtful, ColumnProbes probes)
    {
        Number = number;
        Policies = policies;
        Doubtful = doubtful;
        Columns = new ulong[Bits.Words(probes.Count)];
        foreach (var policy in policies)
        {
            Facets |= policy.Needs.Facets;
            foreach (var selector in policy.Needs.Columns)
            {
                Bits.Set(Columns, probes.NumberOf(selector));
                MeansColumns = true;
            }
        }
    }

    public int Number { get; }

    /// <summary>In order of their keys.</summary>
    public IReadOnlyList<PreparedPolicy> Policies { get; }

    /// <summary>The keys of those that hold only by tags that have vanished.</summary>
    public IReadOnlySet<string> Doubtful { get; }

    public ObjectFacets Facets { get; }

    public bool MeansColumns { get; }

    /// <summary>The selectors that its rules mean columns by.</summary>
    public ulong[] Columns { get; }

    public bool Means(ReadOnlySpan<ulong> marked)
    {
        for (var i = 0; i < Columns.Length; i++)
            if ((Columns[i] & marked[i]) != 0) return true;
        return false;
    }
}
