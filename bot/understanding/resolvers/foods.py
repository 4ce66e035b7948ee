"""Characters that speak of food, by which a slip of the pen is told from another dish."""

# Characters that name a food, a taste or a way of cooking: a diner who writes one means it, so it is no slip of another.
FOODS = frozenset(
    "鸡鸭鹅鱼虾蟹贝蚝牛羊猪驴兔肉蛋菜面饭粥汤粉饼糕茶酒奶豆瓜果薯芋菇笋藕茄椒蒜葱姜韭芹菠萝卜枣栗梨桃莓橙柠檬椰芒蕉肝肚肠腰蹄爪翅腿排骨腩舌血筋皮丸饺包馍馒堡串羹卷笼锅煲米麦玉参鳝鳗鲈鲍鱿蛙鸽鹌鹑汁水冰咖啡"
)
VERBS_TOO = frozenset("排卷")  # alone they are none: 给我排个号
_COOKED = frozenset("酸甜苦辣麻香咸臭蒸煮炒烧炖焖卤拌炸烤煎烩熏涮焗煨红白黑黄绿青老嫩干湿清鲜酱糖糟醉腌酥脆丝丁片块条球")
CULINARY = FOODS | _COOKED
# A dish does not end where one of these follows: 可乐鸡翅 is no 可乐, 烤鸭店 no 烤鸭.
HEADS = frozenset("鸡鸭鹅鱼虾蟹牛羊猪肉蛋面饭粥汤粉饼糕茶酒奶瓜翅腿排骨丸饺馍堡羹卷煲腩蹄爪汁店馆庄铺")
