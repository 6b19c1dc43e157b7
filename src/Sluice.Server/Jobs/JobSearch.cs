using Sluice.Engine.Errors;
using Sluice.Engine.Jobs;
using Sluice.Server.Data;
using Sluice.Server.Http;
using Sluice.Storage.Jobs;

namespace Sluice.Server.Jobs;

/// <summary>Reads the query of GET /jobs/search.</summary>
internal static class JobSearch
{
    private const int DefaultSize = 50;
    private const int LargestSize = 1000;
    private const int MaxShown = 64;

    private static readonly Dictionary<string, JobState> States =
        Enum.GetValues<JobState>().ToDictionary(Spelled.Camel, StringComparer.Ordinal);

    // Documented, and refused by name until they are there: ignored, they would answer jobs that were not asked for.
    private static readonly string[] Later = ["startDate", "endDate", "offset"];

    public static JobQuery Read(QueryReader query)
    {
        var types = query.Texts("jobType").Distinct(StringComparer.Ordinal).ToList();
        foreach (var type in types.Where(t => !JobTypes.All.Contains(t))) query.Reject("jobType", $"must be one of {string.Join(", ", JobTypes.All)}, not '{PlainText.Of(type, MaxShown)}'");
        if (types.Count > 1) query.Reject("jobType", "more than one is not available yet");
        foreach (var name in Later.Where(n => query.Texts(n).Count > 0)) query.Reject(name, "is not available yet; page with next");
        var search = new JobQuery
        {
            Type = types.FirstOrDefault(),
            States = ReadStates(query),
            BulkId = query.Id("bulkId"),
            ConnectionKey = query.Text("connectionKey"),
            Next = query.Text("next"),
            Size = query.Number("size", DefaultSize, 1, LargestSize),
        };
        query.Check();
        return search;
    }

    /// <summary>The refusal of a next that no page gave.</summary>
    public static RequestRefusedException NotOurs(QueryReader query)
    {
        query.Reject("next", "must be the next of an answer of this search");
        return new RequestRefusedException(query.Problems);
    }

    private static List<JobState>? ReadStates(QueryReader query)
    {
        var names = query.Texts("state");
        if (names.Count == 0) return null;
        var states = new List<JobState>();
        foreach (var name in names)
        {
            if (States.TryGetValue(name, out var state)) states.Add(state);
            else query.Reject("state", $"must be one of {string.Join(", ", States.Keys)}");
        }

        return states;
    }
}
