using System.Text.Json;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Engine.Errors;

namespace Sluice.Server.Jobs;

/// <summary>The body of POST /jobs/statuses: documented <c>jobIds, wait, pollInterval</c>, both in seconds; a wait of -1 is as long as allowed.</summary>
internal sealed record StatusRequest(IReadOnlyList<Guid> JobIds, TimeSpan Wait, TimeSpan PollInterval)
{
    private const int MostIds = 1000;
    private const int LongestWait = 300;
    private const int LongestPoll = 300;

    public static StatusRequest Read(JsonElement body)
    {
        var problems = new ProblemList();
        var payload = new PayloadObject(body, "$", problems);
        var ids = new List<Guid>();
        if (payload.OptionalStrings("jobIds") is { } texts)
        {
            if (texts.Count > MostIds) payload.Reject("jobIds", $"must hold at most {MostIds} ids");
            for (var i = 0; i < texts.Count && i < MostIds; i++)
            {
                if (Guid.TryParse(texts[i], out var id)) ids.Add(id);
                else problems.Add($"$.jobIds[{i}]", "must be a UUID");
            }
        }
        else if (!payload.Has("jobIds")) payload.Reject("jobIds", "is required");

        var wait = payload.OptionalInteger("wait", -1, int.MaxValue) ?? 0;
        var poll = payload.OptionalInteger("pollInterval", 1, LongestPoll) ?? 1;
        payload.RejectUnread();
        if (problems.Any) throw new RequestRefusedException(problems);
        return new StatusRequest(ids, TimeSpan.FromSeconds(wait is < 0 or > LongestWait ? LongestWait : wait), TimeSpan.FromSeconds(poll));
    }
}
