using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Server.Auditing;
using Sluice.Server.Access;
using Sluice.Server.Adopting;
using Sluice.Server.Authentication;
using Sluice.Server.Data;
using Sluice.Server.Integrations;
using Sluice.Server.Jobs;
using Sluice.Server.People;
using Sluice.Server.Plans;
using Sluice.Server.Policies;
using Sluice.Server.Problems;
using Sluice.Server.Setup;
using Sluice.Server.Subscriptions;
using Sluice.Server.Tags;

namespace Sluice.Server.Http;

/// <summary>The one JSON configuration of the API's answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(AcceptedAnswer))]
[JsonSerializable(typeof(SettingsChangedAnswer))]
[JsonSerializable(typeof(SettingsDryRunAnswer))]
[JsonSerializable(typeof(DeletedAnswer))]
[JsonSerializable(typeof(DryRunAnswer))]
[JsonSerializable(typeof(ConnectionAnswer))]
[JsonSerializable(typeof(IReadOnlyList<IntegrationAnswer>))]
[JsonSerializable(typeof(IntegrationStatusAnswer))]
[JsonSerializable(typeof(ObjectAnswer))]
[JsonSerializable(typeof(Listing<FoundObjectAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<JobAnswer>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, JobAnswer>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, long>))]
[JsonSerializable(typeof(JobPageAnswer))]
[JsonSerializable(typeof(AwsIdentityAnswer))]
[JsonSerializable(typeof(ApiKeyAnswer))]
[JsonSerializable(typeof(NewApiKeyAnswer))]
[JsonSerializable(typeof(Listing<ApiKeyAnswer>))]
[JsonSerializable(typeof(PolicyAnswer))]
[JsonSerializable(typeof(Listing<PolicyAnswer>))]
[JsonSerializable(typeof(PoliciesPutAnswer))]
[JsonSerializable(typeof(DeletedPolicyAnswer))]
[JsonSerializable(typeof(SubscriptionAnswer))]
[JsonSerializable(typeof(Listing<SubscriptionAnswer>))]
[JsonSerializable(typeof(AccessRequestAnswer))]
[JsonSerializable(typeof(Listing<AccessRequestAnswer>))]
[JsonSerializable(typeof(ExplanationAnswer))]
[JsonSerializable(typeof(AccessCheckAnswer))]
[JsonSerializable(typeof(SimulationAnswer))]
[JsonSerializable(typeof(Listing<PersonWithAccessAnswer>))]
[JsonSerializable(typeof(Listing<ObjectWithAccessAnswer>))]
[JsonSerializable(typeof(AccessHistoryAnswer))]
[JsonSerializable(typeof(PlanAnswer))]
[JsonSerializable(typeof(TagDefinitionAnswer))]
[JsonSerializable(typeof(Listing<TagDefinitionAnswer>))]
[JsonSerializable(typeof(TagEffectAnswer))]
[JsonSerializable(typeof(AssignedTagsAnswer))]
[JsonSerializable(typeof(Listing<VanishedTagAnswer>))]
[JsonSerializable(typeof(ReviewedAnswer))]
[JsonSerializable(typeof(Listing<PlanSummaryAnswer>))]
[JsonSerializable(typeof(PlanAcceptedAnswer))]
[JsonSerializable(typeof(Listing<RemovedGrantAnswer>))]
[JsonSerializable(typeof(AdoptionAnswer))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(UserAnswer))]
[JsonSerializable(typeof(Listing<UserAnswer>))]
[JsonSerializable(typeof(Listing<AttributeAnswer>))]
[JsonSerializable(typeof(Listing<IdentityAnswer>))]
[JsonSerializable(typeof(PermissionsAnswer))]
[JsonSerializable(typeof(ImportAnswer))]
[JsonSerializable(typeof(GroupAnswer))]
[JsonSerializable(typeof(Listing<GroupAnswer>))]
[JsonSerializable(typeof(Listing<MemberAnswer>))]
[JsonSerializable(typeof(AuditEventAnswer))]
[JsonSerializable(typeof(Listing<AuditEventAnswer>))]
[JsonSerializable(typeof(AuditVerificationAnswer))]
[JsonSerializable(typeof(QueryEventAnswer))]
[JsonSerializable(typeof(Listing<QueryEventAnswer>))]
[JsonSerializable(typeof(Listing<LineageEdgeAnswer>))]
[JsonSerializable(typeof(RemovedEdgesAnswer))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Names of data objects are written as they are: an answer is JSON with nosniff, never a part of a page.</summary>
    public static ApiJson Answers { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
