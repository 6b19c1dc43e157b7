using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms;

namespace Sluice.Bench.Clouds;

/// <summary>A stand-in for a platform, in this process, on which access is enforced.</summary>
internal interface ICloud : IAsyncDisposable
{
    /// <summary>As <c>--platform</c> names it.</summary>
    string Name { get; }

    /// <summary>The database or catalog of Sluice's own there.</summary>
    string OwnContainer { get; }

    /// <summary>What a crawl finds, views left out, ordered by path.</summary>
    IReadOnlyList<DiscoveredObject> Tables { get; }

    /// <summary>What it was asked since the start, by operation.</summary>
    IReadOnlyDictionary<string, long> Asked { get; }

    /// <summary>The name of a person there.</summary>
    string UserOf(int number);

    ColumnFamily FamilyOf(string type);

    DesiredState Compile(AccessIntent intent);

    bool IsDirectAudience(string subject);

    /// <summary>A session as the server opens one.</summary>
    /// <param name="limits">How much it asks at once; the platform's defaults when null.</param>
    IPlatformSession Open(CloudLimits? limits = null);

    /// <summary>Somebody lets everybody read all tables, past every policy: by a role, or by a group whose members the session is shown.</summary>
    void OpenToEverybody();

    /// <summary>From now on every answer takes this long.</summary>
    void Delay(TimeSpan latency);
}

/// <summary>How much a session asks at once.</summary>
/// <param name="AtOnce">Requests under way at the same time, from the start.</param>
/// <param name="StatementsOfRequest">Statements in one request, where the platform takes several; null: as many as by default.</param>
internal sealed record CloudLimits(int AtOnce, int? StatementsOfRequest = null);
